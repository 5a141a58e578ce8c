import type { DittoError } from '../errors/dittoError.ts';
import { parseError, readErrorPayload } from '../errors/errorRegistry.ts';
import { requiredString } from '../json/fields.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { type EntityKind, entityIdOf, topicOf } from './entitySignals.ts';
import { policyKind } from './policySignals.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { responseHeaders } from './signalHeaders.ts';
import { thingKind } from './thingKind.ts';

/* Errors as answers (protocol/.../adapter/AbstractErrorResponseAdapter.java). */

/** Stands for a thing that nobody could name. */
export const UNKNOWN_ID = 'unknown:unknown';

function signalOf(kind: EntityKind, topic: TopicPath, headers: DittoHeaders, error: DittoError): Signal {
  return {
    kind: 'error',
    type: `${kind.group}.responses:errorResponse`,
    adaptable: { topic, headers, path: '/', value: error.toJson(), status: error.status },
    headers: responseHeaders(headers),
    entityId: entityIdOf(kind, topic),
    entityType: kind.entityType,
    resourcePath: '/',
    status: error.status,
    category: undefined,
  };
}

/** The answer that tells an error about a thing or policy. */
export function errorSignal(
  error: DittoError,
  entity: { readonly type: 'thing' | 'policy'; readonly id: string },
  headers: DittoHeaders,
): Signal {
  const kind = entity.type === 'thing' ? thingKind : policyKind;
  return signalOf(kind, topicOf(kind, entity.id, 'errors', undefined, headers), headers, error);
}

/** @throws DittoError `json.field.missing`, `json.format.invalid` */
const readError = (value: JsonValue | undefined): DittoError =>
  parseError(readErrorPayload(value === undefined ? {} : { payload: value })).error;

const definition = (kind: EntityKind): SignalDefinition => ({
  type: `${kind.group}.responses:errorResponse`,
  make: ({ topic, value }, headers) => signalOf(kind, topic, headers, readError(value)),
  toJson: ({ type, status, entityId, adaptable }) => ({
    type,
    status,
    [kind.idField]: entityId,
    payload: adaptable.value,
  }),
  fromJson: (json, headers) => ({
    topic: topicOf(kind, requiredString(json, kind.idField), 'errors', undefined, headers),
    headers,
    path: '/',
    value: readErrorPayload(json),
  }),
});

export const errorDefinitions = { thing: definition(thingKind), policy: definition(policyKind) } as const;
