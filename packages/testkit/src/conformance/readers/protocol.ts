import {
  type Adaptable,
  adaptableFromSignal,
  adaptableToJson,
  buildHeaders,
  type DittoHeaders,
  filterHeadersFromExternal,
  filterHeadersToExternal,
  formatTopicPath,
  headersToJson,
  isDittoError,
  type JsonObject,
  type JsonValue,
  parseAdaptable,
  parseTopicPath,
  resourceTypeOf,
  responseTypeOf,
  type Signal,
  type SignalRegistry,
  signalFromAdaptable,
  signalFromJson,
  signalJson,
  unspecificFailureOf,
} from '@hawser/core';
import type { Reader, Readers } from '../reader.ts';

const topicPath: Reader = (input) => {
  const topic = parseTopicPath(String(input['topic']));
  const { namespace, name, group, channel, criterion, action, subject } = topic;
  const actionName =
    criterion === 'search' ? 'searchAction' : criterion === 'streaming' ? 'streamingAction' : 'action';
  return {
    namespace,
    entityName: name,
    group,
    channel,
    criterion,
    [actionName]: action,
    subject,
    path: formatTopicPath(topic),
  };
};

const headersOf = (input: JsonObject): DittoHeaders => (input['headers'] ?? {}) as DittoHeaders;

/** Ditto's oracle prints an error in place; a refusal that Ditto has no error for is a plain exception there. */
function attempt<T>(compute: () => T): T | JsonObject {
  try {
    return compute();
  } catch (error) {
    if (!isDittoError(error)) throw error;
    const failure = unspecificFailureOf(error);
    if (failure !== undefined) return { exception: failure.exception, message: failure.message };
    return { error: errorJson(error.toJson()) };
  }
}

/** The oracle shows the details of an illegal adaptable only when it has a description. */
function errorJson(json: JsonObject): JsonObject {
  if (json['error'] !== 'protocoladapter:illegal.adaptable' || json['description'] !== undefined) return json;
  const { topicPath: _, signalType: __, ...rest } = json;
  return rest;
}

const KINDS: Readonly<Record<Signal['kind'], string>> = {
  command: 'command',
  response: 'response',
  event: 'event',
  announcement: 'announcement',
  error: 'errorResponse',
  acknowledgement: 'response',
  acknowledgements: 'response',
};

/** A signal and what becomes of it when it leaves again. */
function signalResult(signal: Signal): JsonObject {
  const outbound = attempt((): Adaptable => adaptableFromSignal(signal));
  const isAdaptable = 'topic' in outbound;
  return {
    ...signalFacts(signal),
    signal: signalJson(signal),
    headers: { ...signal.headers },
    adaptable: isAdaptable ? adaptableToJson(outbound as Adaptable) : (outbound as JsonObject),
    topicPath: isAdaptable ? formatTopicPath((outbound as Adaptable).topic) : (outbound as JsonObject),
  };
}

const signalFacts = (signal: Signal): JsonObject => ({
  type: signal.type,
  kind: KINDS[signal.kind],
  category: signal.category,
  resourcePath: signal.resourcePath,
  entityId: signal.entityId,
  entityType: signal.entityType,
  status: signal.status,
});

/** A signal of signal JSON, of any family but `connectivity`. */
export function describeSignal(
  registry: SignalRegistry,
  json: JsonObject,
  headers: DittoHeaders,
): JsonObject {
  const signal = signalFromJson(json, headers, registry);
  return {
    ...signalFacts(signal),
    name: signal.type.slice(signal.type.indexOf(':') + 1),
    manifest: signal.type,
    resourceType: resourceTypeOf(signal),
    responseType: responseTypeOf(signal),
    json: signalJson(signal),
    adaptable: attempt(() => adaptableToJson(adaptableFromSignal(signal))),
  };
}

const protocolMessage: Reader = (input) => {
  const parsed = parseAdaptable(input['adaptable'] as JsonValue);
  const result = attempt(() => signalResult(signalFromAdaptable(parsed)));
  const isSignal = 'type' in result;
  return { parsed: adaptableToJson(parsed), ...(isSignal ? result : { signalError: result }) };
};

export const protocolReaders: Readers = {
  'oracle:topic-path': topicPath,
  'oracle:protocol': protocolMessage,
  'pipeline:parseTopic': topicPath,
  'pipeline:protocolToSignal': (input) =>
    signalResult(signalFromAdaptable(parseAdaptable(input['adaptable'] as JsonValue))),
  'pipeline:headerValue': (input) => headersToJson(buildHeaders(headersOf(input))),
  'pipeline:headersFromExternal': (input) => ({
    fromExternal: { ...filterHeadersFromExternal(headersOf(input)) },
  }),
  'pipeline:headersToExternal': (input) => ({ ...filterHeadersToExternal(headersOf(input)) }),
};
