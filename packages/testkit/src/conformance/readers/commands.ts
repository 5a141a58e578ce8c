import {
  type CommandCategory,
  type ConnectivityStatus,
  checkPreconditions,
  commandToJson,
  connectionAnnouncementToJson,
  connectionEventToJson,
  connectivitySignalJson,
  DittoError,
  type DittoHeaders,
  decryptSecrets,
  defaultSecretPointers,
  encryptSecrets,
  errorFromJson,
  eventOfJournal,
  existingConnectionIds,
  isJsonArray,
  isJsonObject,
  type JournalEvent,
  type JsonObject,
  type JsonValue,
  journalPayload,
  journalTags,
  loggerConfigFromJson,
  loggerConfigToJson,
  parseCommand,
  parseConnectionAnnouncement,
  parseConnectionEvent,
  parseError,
  parsePiggybackRequest,
  parseResponse,
  parseTimeoutMs,
  piggybackAnswer,
  piggybackCommandToJson,
  responseHeaders,
  revisionTag,
  type SecretFields,
  type SignalRegistry,
  statusInfoFromJson,
  statusInfoToJson,
} from '@hawser/core';
import type { Readers } from '../reader.ts';
import { describeSignal } from './protocol.ts';

/** Commands, responses, events, errors and what travels with them. */
export const commandReaders: Readers = {
  'oracle:signal-json': ({ registry, signal, headers }) =>
    describeOf(String(registry), object(signal), object(headers) as DittoHeaders),

  'commands:command': (json) => commandToJson(parseCommand(json)),
  'commands:command-parse': ({ input }) => commandToJson(parseCommand(object(input))),
  'commands:response': (json) => parseResponse(json),
  'commands:event': (json) => connectionEventToJson(parseConnectionEvent(json)),
  'commands:announcement': (json) => connectionAnnouncementToJson(parseConnectionAnnouncement(json)),
  'commands:error': (json) => errorFromJson(json).toJson(),

  'commands:event-journal': (json) => journalPayload(eventOfJournal(json, Number(json['revision'] ?? 0))),
  'commands:journal-tags': ({ event, connectionStatus, tags, priority }) =>
    journalTags({
      event: `connectivity.events:${event}` as JournalEvent['type'],
      connectionStatus: connectionStatus as ConnectivityStatus,
      tags: array(tags).map(String),
      priority: typeof priority === 'number' ? priority : undefined,
    }),
  'commands:ids-retrieval': ({ snapshots, journal }) =>
    existingConnectionIds(
      array(snapshots)
        .map(object)
        .map(({ pid, sn, lifecycle }) => ({ pid: String(pid), sn: Number(sn), lifecycle: text(lifecycle) })),
      array(journal)
        .map(object)
        .map(({ pid, sn, manifest }) => ({ pid: String(pid), sn: Number(sn), type: text(manifest) })),
    ),

  'commands:decrypt': (input) => decrypt(input),
  'commands:decrypt-error': ({ input }) => decrypt(object(input)),
  'commands:encrypt-error': ({ input }) => {
    const { key, plain, prefix } = object(input);
    return encryptSecrets(object(plain), secretFields(prefix), String(key));
  },

  'commands:timeout-header': ({ input }) => parseTimeoutMs(String(input)),
  'commands:etag': ({ revision, headers, category }) =>
    preconditions(category as CommandCategory, object(headers) as DittoHeaders, revision),
  'commands:response-headers': ({ headers }) => responseHeaders(object(headers) as DittoHeaders),

  'commands:piggyback-request': ({ input }) =>
    piggybackCommandToJson(parsePiggybackRequest({ body: String(input), correlationId: 'cid-1' })),
  'commands:piggyback-response': ({ input }) => {
    const { aggregate, responses } = object(input);
    return { ...piggybackAnswer(array(responses).map(object), aggregate === true) };
  },
  'commands:logging-request': ({ input }) => loggerConfigToJson(loggerConfigFromJson(object(input))),
  'commands:status-info': (json) => statusInfoToJson(statusInfoFromJson(json)),
};

function describeOf(registry: string, signal: JsonObject, headers: DittoHeaders): JsonObject {
  if (registry === 'error') {
    const { className, error } = parseError(signal, headers);
    return { class: className, status: error.status, errorCode: error.code, json: error.toJson() };
  }
  const type = signal['type'];
  const isOther = typeof type === 'string' && type !== '' && !type.startsWith('connectivity.');
  return (isOther ? describeSignal : connectivitySignalJson)(registry as SignalRegistry, signal, headers);
}

/** Clear text must come back, and encrypting it must give something that decrypts to it again. */
function decrypt(input: JsonObject): JsonObject {
  const fields = secretFields(input['prefix']);
  const key = String(input['key']);
  const plain = decryptSecrets(object(input['encrypted']), fields, { key, oldKey: text(input['oldKey']) });
  return decryptSecrets(encryptSecrets(plain, fields, key), fields, { key });
}

const secretFields = (prefix: JsonValue | undefined): SecretFields => ({
  pointers: defaultSecretPointers,
  prefix: prefix === 'connection' ? '/connection' : '',
});

function preconditions(
  category: CommandCategory,
  headers: DittoHeaders,
  revision: JsonValue | undefined,
): JsonValue {
  try {
    checkPreconditions(category, headers, typeof revision === 'number' ? revisionTag(revision) : undefined);
    return 'pass';
  } catch (error) {
    if (error instanceof DittoError) return error.status;
    throw error;
  }
}

const object = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const array = (value: JsonValue | undefined): readonly JsonValue[] => (isJsonArray(value) ? value : []);
const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
