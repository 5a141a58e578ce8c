import { jsonInvalid, jsonNotA } from '../errors/jsonErrors.ts';
import { unspecificError, unspecificFailureOf } from '../errors/unspecificFailure.ts';
import { type ConnectionAnnouncement, parseConnectionAnnouncement } from '../events/announcements.ts';
import { requiredArray, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import type { Signal } from '../protocol/signal.ts';
import { entityIdOf, topicOf } from './entitySignals.ts';
import { policyKind } from './policySignals.ts';
import type { SignalDefinition } from './signalDefinition.ts';

/* Announcements are told to whom they concern and never answered (base/model/.../signals/announcements/*.java). */

/** @throws DittoError unspecific when it is no object */
function objectOf(value: JsonValue | undefined): JsonObject {
  if (isJsonObject(value)) return value;
  throw unspecificError('NullPointerException', 'Payload value must be a non-null object.');
}

function signalOf(
  type: string,
  adaptable: Adaptable,
  headers: DittoHeaders,
  entity: Pick<Signal, 'entityId' | 'entityType'>,
): Signal {
  return {
    kind: 'announcement',
    type,
    adaptable,
    headers,
    ...entity,
    resourcePath: '/',
    status: undefined,
    category: undefined,
  };
}

const SUBJECT_DELETION = 'policies.announcements:subjectDeletion';

function readSubjectDeletion(value: JsonObject): JsonObject {
  const deleteAt = canonicalInstant(requiredString(value, 'deleteAt'));
  const subjectIds = requiredArray(value, 'subjectIds');
  for (const id of subjectIds) if (typeof id !== 'string') throw jsonNotA('a string', id);
  return { deleteAt, subjectIds };
}

const subjectDeletion: SignalDefinition = {
  type: SUBJECT_DELETION,
  make: ({ topic, headers: ownHeaders, value }, headers) => {
    const entityId = entityIdOf(policyKind, topic);
    const adaptable = { topic, headers: ownHeaders, path: '/', value: readSubjectDeletion(objectOf(value)) };
    return signalOf(SUBJECT_DELETION, adaptable, headers, { entityId, entityType: 'policy' });
  },
  toJson: ({ entityId, adaptable }) => ({
    type: SUBJECT_DELETION,
    policyId: entityId,
    ...objectOf(adaptable.value),
  }),
  fromJson: (json, headers) => {
    const topic = topicOf(policyKind, requiredString(json, 'policyId'), 'announcements', undefined, headers);
    return { topic: { ...topic, subject: 'subjectDeletion' }, headers, path: '/', value: json };
  },
};

type AnnouncementName = 'opened' | 'closed';

/** The announcement that a connection was opened, or is about to be closed. */
export function announcementSignal(announcement: ConnectionAnnouncement, headers: DittoHeaders): Signal {
  const { type, connectionId, ...value } = announcement;
  const name = type === 'connectivity.announcements:opened' ? 'opened' : 'closed';
  return connectionSignal(
    name,
    { topic: connectionTopic(name, connectionId), headers, path: '/', value },
    headers,
  );
}

const connectionTopic = (name: AnnouncementName, connectionId: string): Adaptable['topic'] => ({
  namespace: '_',
  name: connectionId,
  group: 'connections',
  channel: 'none',
  criterion: 'announcements',
  action: undefined,
  subject: name,
});

const connectionSignal = (name: AnnouncementName, adaptable: Adaptable, headers: DittoHeaders): Signal =>
  signalOf(`connectivity.announcements:${name}`, adaptable, headers, {
    entityId: adaptable.topic.name,
    entityType: 'connection',
  });

function connectionDefinition(name: AnnouncementName): SignalDefinition {
  const field = `${name}At`;
  const type = `connectivity.announcements:${name}`;
  return {
    type,
    make: ({ topic, headers: ownHeaders, value }, headers) => {
      const text = requiredString(objectOf(value), field);
      const at = instantOr(text, (cause) =>
        jsonInvalid(
          `Failed to deserialize field </${field}> with value <${text}> as class java.time.Instant: ${cause}`,
          'Timestamp must be provided as ISO-8601 formatted char sequence.',
        ),
      );
      return connectionSignal(
        name,
        { topic, headers: ownHeaders, path: '/', value: { [field]: at } },
        headers,
      );
    },
    toJson: ({ entityId, adaptable }) => ({ type, connectionId: entityId, ...objectOf(adaptable.value) }),
    fromJson: (json, headers) => announcementSignal(parseConnectionAnnouncement(json), headers).adaptable,
  };
}

/** `refuse` gets Java's own words about a text that is no instant. */
function instantOr(text: string, refuse: (cause: string) => Error): string {
  try {
    return canonicalInstant(text);
  } catch (error) {
    throw refuse(unspecificFailureOf(error)?.message ?? '');
  }
}

export const policyAnnouncements: ReadonlyMap<string | undefined, SignalDefinition> = new Map([
  ['subjectDeletion', subjectDeletion],
]);

export const connectionAnnouncements: ReadonlyMap<string | undefined, SignalDefinition> = new Map([
  ['opened', connectionDefinition('opened')],
  ['closed', connectionDefinition('closed')],
]);
