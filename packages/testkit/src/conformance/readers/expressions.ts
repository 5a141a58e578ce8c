import {
  allPlaceholders,
  compileAckRequests,
  compileAuthorization,
  compileConditions,
  compileEnforcement,
  compileHeaderMapping,
  compileTargetAddress,
  compileTemplate,
  type Enforcement,
  enforcementInputPlaceholder,
  type HeaderMapping,
  impossibleTimeout,
  inboundHeaders,
  isAckRequesting,
  isResponseRequired,
  type JsonObject,
  type JsonValue,
  mapInboundHeaders,
  mapOutboundHeaders,
  type PlaceholderContext,
  parseAdaptable,
  parseAmqp091Address,
  parseHttpAddress,
  parseKafkaAddress,
  requestedAcks,
  type Signal,
  signalFromAdaptable,
  sourcePlaceholder,
  withAckRequestDefaults,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

/** The connection of the vectors. */
const CONNECTION_ID = 'conn-1';

const signalOf = (adaptable: JsonValue | undefined): Signal =>
  signalFromAdaptable(parseAdaptable(adaptable ?? null));

const stringsOf = (value: JsonValue | undefined): readonly string[] => (value ?? []) as readonly string[];
const headersOf = (value: JsonValue | undefined): Readonly<Record<string, string>> =>
  (value ?? {}) as Readonly<Record<string, string>>;

function contextOf(context: JsonObject): PlaceholderContext {
  const signal = context['adaptable'] === undefined ? undefined : signalOf(context['adaptable']);
  return {
    headers: context['headers'] === undefined ? signal?.headers : headersOf(context['headers']),
    signal,
    extra: (context['extra'] as JsonObject | undefined) ?? signal?.adaptable.extra,
    authSubjects: context['authSubjects'] === undefined ? undefined : stringsOf(context['authSubjects']),
    connectionId: context['connectionId'] as string | undefined,
    sourceAddress: context['sourceAddress'] as string | undefined,
  };
}

function resolve(input: JsonObject): JsonObject {
  const context = contextOf((input['context'] ?? {}) as JsonObject);
  const now = input['now'] === undefined ? undefined : Date.parse(String(input['now']));
  const placeholders =
    context.sourceAddress === undefined ? allPlaceholders : [...allPlaceholders, sourcePlaceholder];
  return { ...compileTemplate(String(input['expression']), placeholders).resolve({ ...context, now }) };
}

function conditions(input: JsonObject): boolean {
  const message = input['message'] as JsonObject;
  return compileConditions(stringsOf(input['conditions']))({
    headers: headersOf(message['headers']),
    connectionId: CONNECTION_ID,
  });
}

function enforcement(input: JsonObject): JsonObject {
  const configured = input['enforcement'] as unknown as Enforcement;
  const address = input['sourceAddress'] as string | undefined;
  const placeholder = enforcementInputPlaceholder(address === undefined ? 'kafka' : 'mqtt', configured.input);
  const compiled = compileEnforcement(configured, placeholder);
  const claimed = compiled.input({ headers: headersOf(input['headers']), sourceAddress: address });
  compiled.check(signalOf(input['adaptable']), claimed);
  return { matched: true };
}

const mappingOf = (input: JsonObject) =>
  compileHeaderMapping((input['headerMapping'] ?? {}) as HeaderMapping);

function inboundContext(input: JsonObject, signal: Signal): PlaceholderContext {
  const message = input['message'] as JsonObject;
  return {
    headers: headersOf(message['headers']),
    signal,
    authSubjects: stringsOf(input['authSubjects']),
    connectionId: CONNECTION_ID,
  };
}

function outboundContext(input: JsonObject): PlaceholderContext {
  const parsed = signalOf(input['adaptable']);
  const signal = { ...parsed, headers: { ...parsed.headers, ...headersOf(input['internalHeaders']) } };
  return {
    headers: signal.headers,
    signal,
    extra: (input['extra'] as JsonObject | undefined) ?? signal.adaptable.extra,
    connectionId: CONNECTION_ID,
  };
}

function headerMapping(input: JsonObject): JsonObject {
  if (input['direction'] === 'outbound') return outboundHeaderMapping(input);
  const signal = signalOf(input['adaptable']);
  const { mapped, accepted, headers } = mapInboundHeaders(
    mappingOf(input),
    signal,
    inboundContext(input, signal),
  );
  return { mapped, translated: accepted, signalHeaders: headers };
}

function inboundHeaderMapping(input: JsonObject): JsonObject {
  const signal = signalOf(input['adaptable']);
  const mapping = input['headerMapping'] === undefined ? undefined : mappingOf(input);
  const context = inboundContext(input, signal);
  let isRandom = false;
  const { 'correlation-id': correlationId, ...headers } = inboundHeaders(mapping, signal, context, {
    connectionId: CONNECTION_ID,
    authSubjects: undefined,
    internalHeaders: {},
    newCorrelationId: () => {
      isRandom = true;
      return 'random';
    },
  });
  const signalHeaders =
    isRandom || correlationId === undefined ? headers : { ...headers, 'correlation-id': correlationId };
  if (mapping === undefined) return { randomCorrelationId: isRandom, signalHeaders };
  const { mapped, accepted } = mapInboundHeaders(mapping, signal, context);
  return { mapped, accepted, randomCorrelationId: isRandom, signalHeaders };
}

function outboundHeaderMapping(input: JsonObject): JsonObject {
  const context = outboundContext(input);
  if (input['address'] !== undefined) {
    const address = compileTargetAddress(String(input['address']))(context);
    return address === undefined ? { dropped: true } : { address };
  }
  return { headers: mapOutboundHeaders(mappingOf(input), headersOf(input['messageHeaders']), context) };
}

function publishTarget(input: JsonObject): JsonValue {
  const address = String(input['address']);
  switch (input['type']) {
    case 'amqp-091':
      return { ...parseAmqp091Address(address) };
    case 'http-push':
      return { ...parseHttpAddress(address) };
    default: {
      const { topic, key, partition } = parseKafkaAddress(address);
      return { topic, key: key ?? null, partition: partition ?? null };
    }
  }
}

function ackRequests(input: JsonObject): JsonObject {
  const parsed = signalOf(input['adaptable']);
  const message = input['message'] as JsonObject;
  const filter = input['filter'] as string | undefined;
  const request = compileAckRequests({ includes: stringsOf(input['includes']), filter });
  const context = { headers: headersOf(message['headers']), connectionId: CONNECTION_ID };
  const afterSource = { ...parsed, headers: request(parsed, context) };
  const signal = withAckRequestDefaults(afterSource);
  const isRefused = impossibleTimeout(signal) !== undefined;
  return {
    afterSource: sorted(requestedAcks(afterSource.headers)),
    requestedAcks: sorted(requestedAcks(signal.headers)),
    responseRequired: isResponseRequired(signal.headers),
    timeoutInvalid: isRefused,
    aggregatorStarted: !isRefused && isAckRequesting(signal),
  };
}

const sorted = (labels: readonly string[] | undefined): JsonValue =>
  labels === undefined ? null : [...labels].sort();

/** Placeholders and everything that is made of them: mappings, addresses, conditions, enforcement. */
export const expressionReaders: Readers = {
  'oracle:expression': resolve,
  'pipeline:resolve': resolve,
  'pipeline:time-placeholders': resolve,
  'pipeline:authorizationContext': (input) => [
    ...compileAuthorization(stringsOf(input['authSubjects']))(headersOf(input['headers'])),
  ],
  'pipeline:conditions': conditions,
  'oracle:enforcement': enforcement,
  'pipeline:enforcement': enforcement,
  'oracle:header-mapping': headerMapping,
  'pipeline:inboundHeaderMapping': inboundHeaderMapping,
  'pipeline:outboundHeaderMapping': outboundHeaderMapping,
  'oracle:publish-target': publishTarget,
  'pipeline:ackRequests': ackRequests,
};
