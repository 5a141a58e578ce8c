import {
  AckAggregator,
  type AckEntry,
  acceptsDivertedResponse,
  ackEntryOf,
  acknowledgement,
  adaptableFromSignal,
  adaptableToJson,
  combineAcknowledgements,
  type DittoHeaders,
  divertResponse,
  errorReply,
  formatTopicPath,
  isJsonObject,
  isReplyPublished,
  type JsonObject,
  type JsonValue,
  missingLabels,
  type PublishOutcome,
  parseAdaptable,
  parseError,
  parseTopicPath,
  type ResponseType,
  responseTypeOf,
  type Settlement,
  type Signal,
  settlementByError,
  settlementByResponses,
  signalFromAdaptable,
  weakAckLabels,
} from '@hawser/core';
import type { Reader, Readers } from '../reader.ts';

/** The thing and the correlation id of the vectors. */
const THING_ID = 'ns:t';
const CORRELATION_ID = 'cid';

const headersOf = (value: JsonValue | undefined): DittoHeaders => (value ?? {}) as DittoHeaders;
const listOf = <T extends JsonValue>(value: JsonValue | undefined): readonly T[] =>
  (value ?? []) as readonly T[];

const entryOf = (ack: JsonObject, headers: DittoHeaders): AckEntry =>
  ackEntryOf(
    acknowledgement({
      label: String(ack['label']),
      entityId: THING_ID,
      status: Number(ack['status']),
      payload: ack['payload'],
      headers: { ...headers, ...headersOf(ack['headers']) },
    }),
  );

const messageOf = (signal: Signal): JsonObject => adaptableToJson(adaptableFromSignal(signal));

const combineAcks: Reader = (input) => {
  const entries = listOf<JsonObject>(input['acks']).map((ack) => entryOf(ack, {}));
  const combined = combineAcknowledgements(THING_ID, entries, headersOf(input['headers']));
  return {
    status: combined.status,
    responseType: responseTypeOf(combined),
    missing: missingLabels(entries),
    adaptable: messageOf(combined),
  };
};

const aggregateAcks: Reader = (input) => {
  const headers = { 'correlation-id': CORRELATION_ID };
  const aggregator = new AckAggregator({
    thingId: THING_ID,
    labels: listOf(input['requested']),
    correlationId: CORRELATION_ID,
    timeoutMs: Number(input['timeoutMs']),
  });
  for (const ack of listOf<JsonObject>(input['received'])) aggregator.receive(entryOf(ack, headers));
  return {
    complete: aggregator.isComplete,
    successful: aggregator.isSuccessful,
    adaptable: messageOf(aggregator.result(headers)),
  };
};

const settlementJson = (settlement: Settlement): JsonObject =>
  settlement === 'accepted' ? { settle: true } : { settle: false, redeliver: settlement === 'redeliver' };

const ackSettlement: Reader = (input) => {
  const error = input['error'];
  if (isJsonObject(error)) {
    const status = Number(error['status']);
    return settlementJson(settlementByError(error['dittoException'] === true ? { status } : undefined));
  }
  const responses = listOf<JsonObject>(input['responses']).map(responseOf);
  return settlementJson(settlementByResponses(Number(input['expectedResponses']), responses));
};

/** An answer in the words of the vectors. */
function responseOf({ kind, channel, status, acks, weak }: JsonObject): Signal {
  const headers: DittoHeaders = {
    ...(channel === undefined ? {} : { channel: String(channel) }),
    ...(weak === true ? { 'ditto-weak-ack': 'true' } : {}),
  };
  if (kind === 'acknowledgements') {
    const statuses = labelledStatuses(acks);
    const entries = statuses.map(([label, own]) => entryOf({ label, status: own }, headers));
    return combineAcknowledgements(THING_ID, entries, headers);
  }
  if (kind === 'messageResponse') {
    return signalOf({ topic: 'ns/t/things/live/messages/ask', headers, path: '/inbox/messages/ask', status });
  }
  // Answers that tell a failure are error responses in the Ditto Protocol.
  const isFailure = Number(status) >= 400;
  const topic = `ns/t/things/${channel === 'live' ? 'live' : 'twin'}/${isFailure ? 'errors' : 'commands/modify'}`;
  const value = isFailure ? { value: { status, error: 'x' } } : {};
  return signalOf({ topic, headers, path: isFailure ? '/' : '/attributes/a', status, ...value });
}

const signalOf = (json: JsonObject): Signal => signalFromAdaptable(parseAdaptable(json));

/** Statuses by label, or without labels. */
const labelledStatuses = (acks: JsonValue | undefined): readonly (readonly [string, JsonValue])[] =>
  isJsonObject(acks)
    ? Object.entries(acks as Readonly<Record<string, JsonValue>>)
    : listOf<JsonValue>(acks).map((status, i) => [`x:a${i}`, status] as const);

const ackWeak: Reader = (input) => {
  const targetIssued = listOf<string>(input['targetIssued']);
  return weakAckLabels(
    listOf(input['requested']),
    outcomeOf(String(input['outcome']), input['publishedTargets'], targetIssued),
    {
      connectionId: String(input['connectionId']),
      sourceDeclared: listOf(input['sourceDeclared']),
      targetIssued,
    },
  );
};

/** `publishedTargets` names targets by the label that they issue, or by their position. */
function outcomeOf(
  outcome: string,
  publishedTargets: JsonValue | undefined,
  targetIssued: readonly string[],
): PublishOutcome {
  if (outcome === 'noTarget' || outcome === 'allDropped' || outcome === 'ownOrigin') return { kind: outcome };
  const issuedLabels = listOf<JsonValue>(publishedTargets).flatMap((target) =>
    typeof target === 'string' ? [target] : (targetIssued[Number(target)] ?? []),
  );
  return { kind: 'published', issuedLabels };
}

const errorResponse: Reader = (input) => {
  const topic = input['messageTopic'];
  const headers = headersOf(input['headers']);
  const { error } = parseError({ status: 400, error: input['errorCode'], message: 'It failed.' });
  const answer = errorReply(error, {
    topic: typeof topic === 'string' ? parseTopicPath(topic) : undefined,
    headers,
    deviceId: headers['device_id'] ?? headersOf(input['externalHeaders'])['device_id'],
  });
  return { topic: formatTopicPath(adaptableFromSignal(answer).topic) };
};

const responseDiversion: Reader = (input) => {
  const connectionId = String(input['connectionId']);
  const config = headersOf(input['specificConfig']);
  const headers = headersOf(input['headers']);
  if (headers['diverted-response-from-connection'] !== undefined) {
    return { published: acceptsDivertedResponse(config, headers) };
  }
  const type = String(input['responseType']) as ResponseType;
  const { divertedTo, publishedViaSource } = divertResponse(connectionId, config, headers, type);
  return { divertedTo: divertedTo ?? null, publishedViaSource };
};

const responsePublishing: Reader = (input) => {
  if (typeof input['response'] === 'string') {
    return { responseType: responseTypeOf(namedResponse(input['response'])) };
  }
  return {
    published: isReplyPublished({
      responseType: String(input['responseType']) as ResponseType,
      expectedTypes: listOf(input['expectedResponseTypes']),
      hasReplyTarget: input['replyTarget'] !== null,
      responseRequired: input['responseRequired'] !== false,
    }),
  };
};

/** E.g. `modifyResponse 204`. */
function namedResponse(text: string): Signal {
  const [name = '', code] = text.split(' ');
  const status = Number(code);
  if (name === 'acknowledgement') return acknowledgement({ label: 'x:a', entityId: THING_ID, status });
  if (name === 'acknowledgements') {
    const labels = status === 424 ? { 'x:a': 200, 'x:b': 500 } : { 'x:a': status };
    return responseOf({ kind: 'acknowledgements', acks: labels });
  }
  return responseOf({ kind: /message/i.test(name) ? 'messageResponse' : 'thingResponse', status });
}

/** Acknowledgements and answers on the line. */
export const acknowledgementReaders: Readers = {
  'pipeline:combineAcks': combineAcks,
  'pipeline:aggregateAcks': aggregateAcks,
  'pipeline:ack-settlement': ackSettlement,
  'pipeline:ack-weak': ackWeak,
  'pipeline:error-response': errorResponse,
  'pipeline:response-diversion': responseDiversion,
  'pipeline:response-publishing': responsePublishing,
};
