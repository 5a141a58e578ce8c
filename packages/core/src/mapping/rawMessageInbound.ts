import { makeError } from '../errors/makeError.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { CompiledTemplate } from '../placeholders/template.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { httpStatus } from '../protocol/adaptable.ts';
import { validateHeaders } from '../protocol/dittoHeaders.ts';
import { validateStatusCode } from '../protocol/headerValidators.ts';
import { formatPointer, parsePointer } from '../protocol/pointer.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { checkThingId, splitId } from '../signals/entityId.ts';
import { DITTO_PROTOCOL, mediaTypeOf, payloadKindOf } from './contentType.ts';
import { adaptableFromPayload, unwrappedJson } from './dittoMapper.ts';

/** A message command, or a response when there is a status; only its content type is kept as a header. @throws DittoError */
export function fromRawMessage(
  message: ExternalMessage,
  context: PlaceholderContext,
  templates: ReadonlyMap<string, CompiledTemplate>,
): Adaptable {
  const contentType = templates.get('content-type')?.first(context);
  if (contentType === undefined) throw contentTypeUnresolved();
  if (mediaTypeOf(contentType) === DITTO_PROTOCOL) return adaptableFromPayload(message);
  const headers = resolveHeaders(templates, context);
  const direction = mandatory(headers, 'ditto-message-direction');
  const subject = mandatory(headers, 'ditto-message-subject');
  const thingId = mandatory(headers, 'ditto-message-thing-id');
  if (subject === '') throw unspecificError('IllegalArgumentException', 'Message subject may not be empty!');
  const [namespace, name] = splitId(checkThingId(thingId));
  if (direction !== 'TO' && direction !== 'FROM')
    throw unspecificError('IllegalArgumentException', 'Message direction must be one of: <FROM>, <TO>!');
  validate(headers);
  const featureId = headers.get('ditto-message-feature-id');
  const status = headers.get('status');
  const value = payloadValue(message, contentType);
  return {
    topic: {
      namespace,
      name,
      group: 'things',
      channel: 'live',
      criterion: 'messages',
      action: undefined,
      subject,
    },
    headers: { 'content-type': contentType },
    path: formatPointer([
      ...(featureId === undefined ? [] : ['features', featureId]),
      direction === 'TO' ? 'inbox' : 'outbox',
      'messages',
      ...parsePointer(subject),
    ]),
    value,
    status: status === undefined ? undefined : httpStatus(Number(status)),
  };
}

const contentTypeUnresolved = () =>
  makeError(
    'messages:messageformat.invalid',
    'The RawMessage mapper failed to resolve content-type of an incoming message.',
    {
      description:
        "Please ensure that 'content-type' is defined and resolvable in the mapper configuration 'incomingMessageHeaders'.",
    },
  );

function resolveHeaders(
  templates: ReadonlyMap<string, CompiledTemplate>,
  context: PlaceholderContext,
): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, template] of templates) {
    const value = template.first(context);
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

function mandatory(headers: ReadonlyMap<string, string>, name: string): string {
  const value = headers.get(name);
  if (value !== undefined) return value;
  throw unspecificError(
    'IllegalArgumentException',
    `The headers did not contain a value for mandatory header with key <${name}>!`,
  );
}

/** @throws DittoError `header.invalid`, `timeout.invalid` */
function validate(headers: ReadonlyMap<string, string>): void {
  validateHeaders(Object.fromEntries(headers));
  const status = headers.get('status');
  if (status !== undefined) validateStatusCode('status', status);
}

function payloadValue({ text, bytes }: ExternalMessage, contentType: string): JsonValue | undefined {
  const kind = payloadKindOf(contentType);
  if (kind === 'binary') {
    const payload = bytes ?? (text === undefined ? undefined : Buffer.from(text, 'utf8'));
    return payload === undefined ? undefined : Buffer.from(payload).toString('base64');
  }
  const payload = text ?? (bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8'));
  if (payload === undefined || kind === 'text') return payload;
  return unwrappedJson(payload);
}
