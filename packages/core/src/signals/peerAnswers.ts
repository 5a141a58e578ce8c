import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { DITTO_PROTOCOL, mediaTypeOf } from '../mapping/contentType.ts';
import { adaptableFromValue } from '../mapping/dittoMapper.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { PublishResult } from '../ports/protocolAdapter.ts';
import { buildHeaders, headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import { filterHeadersFromExternal } from '../protocol/headerFilters.ts';
import { isAnswer, type Signal } from '../protocol/signal.ts';
import { acknowledgement } from './acknowledgements.ts';
import { liveResponseMismatch } from './liveResponseMatching.ts';
import { signalFromAdaptable } from './signalFromAdaptable.ts';

/** What a peer's answer to a published signal stands for. */
export interface AnsweredSignal {
  /** An acknowledgement or a live response; undefined: nothing that anybody waits for. */
  readonly signal: Signal | undefined;
  /** Why a body that is a signal was passed over, for the log. */
  readonly dropped?: string;
  /** Why the live response is none for this command; then there is no signal. */
  readonly mismatch?: string;
}

const nothing: AnsweredSignal = { signal: undefined };

/**
 * The signal in, or made of, the answer that a peer gave to a signal (connectivity/service/.../httppush/HttpPublisherActor.java).
 *
 * @param sent as the peer saw it
 * @param label of the acknowledgement that the target issues, if the signal requests it
 * @throws DittoError for a Protocol message that cannot be read, and for headers that are none of Ditto's
 */
export function signalOfAnswer(
  sent: Signal,
  label: string | undefined,
  result: PublishResult,
): AnsweredSignal {
  if (label !== undefined && label !== 'live-response') {
    const { status, payload } = result;
    const headers = answerHeaders(sent, result);
    return { signal: acknowledgement({ label, entityId: sent.entityId ?? '', status, payload, headers }) };
  }
  const answered = label === undefined ? unaskedSignal(result) : liveResponse(sent, result);
  if (answered.signal === undefined || !isLiveCommand(sent) || !isLiveResponse(answered.signal))
    return answered;
  const mismatch = liveResponseMismatch(sent, answered.signal);
  return mismatch === undefined ? answered : { signal: undefined, mismatch };
}

/** What Ditto says of a live response that is none for its command. */
export const liveResponseUnsupported = (mismatch: string): DittoError =>
  makeError('signal.unsupported', mismatch, { status: 422 });

/** Nobody has declared that the peer answers, but it may. */
function unaskedSignal(result: PublishResult): AnsweredSignal {
  const body = protocolBody(result);
  if (body === undefined) return nothing;
  const signal = signalFromAdaptable(adaptableFromValue(body));
  if (signal.kind === 'acknowledgement' || isLiveResponse(signal)) return { signal };
  return isAnswer(signal) ? nothing : { signal: undefined, dropped: unexpected(signal, 'CommandResponse') };
}

function liveResponse(sent: Signal, result: PublishResult): AnsweredSignal {
  const isMessage = sent.type.startsWith('messages.');
  const body = protocolBody(result);
  if (body === undefined) return isMessage ? { signal: messageResponse(sent, result) } : nothing;
  const signal = signalFromAdaptable(adaptableFromValue(body));
  const isFit = isLiveResponse(signal) && signal.type.startsWith('messages.') === isMessage;
  if (isFit) return { signal };
  const expected = isMessage ? 'MessageCommandResponse' : 'ThingCommandResponse';
  return { signal: undefined, dropped: unexpected(signal, isAnswer(signal) ? expected : 'CommandResponse') };
}

/** A body that is no Protocol message answers a message as its payload. */
function messageResponse(sent: Signal, result: PublishResult): Signal {
  const { topic, path } = sent.adaptable;
  const headers = answerHeaders(sent, result);
  const { status, payload: value } = result;
  return signalFromAdaptable({ topic, path, headers, value, status });
}

/** The peer's headers on those of the signal, which keeps its correlation id. @throws DittoError `header.invalid` */
function answerHeaders(sent: Signal, { headers = {} }: PublishResult): DittoHeaders {
  const correlationId = headerValue(sent.headers, 'correlation-id');
  const foreign = buildHeaders(filterHeadersFromExternal(headers));
  return withHeaders(sent.headers, foreign, { 'correlation-id': correlationId });
}

function protocolBody({ payload, headers = {} }: PublishResult): JsonValue | undefined {
  const contentType = headerValue(headers, 'content-type') ?? '';
  if (mediaTypeOf(contentType).trim() !== DITTO_PROTOCOL || payload === undefined) return undefined;
  return isJsonObject(payload) ? payload : undefined;
}

const isLiveCommand = ({ kind, adaptable: { topic } }: Signal): boolean =>
  kind === 'command' && (topic.channel === 'live' || topic.criterion === 'messages');

const isLiveResponse = ({ kind, type, headers }: Signal): boolean =>
  (kind === 'response' || kind === 'error') &&
  (type.startsWith('messages.') ||
    (type.startsWith('things.') && headerValue(headers, 'channel') === 'live'));

const unexpected = (signal: Signal, expected: string): string =>
  `Expected <${signal.type}> to be of type <${expected}> but was of type <${signal.kind}>.`;
