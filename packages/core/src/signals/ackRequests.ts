import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { isJsonArray } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { type DittoAckLabel, isDittoAckLabel } from '../protocol/ackLabel.ts';
import { headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { parseTimeoutMs } from '../protocol/timeout.ts';
import { checkQueryHeaders } from './entitySignals.ts';

/* What commands ask to be acknowledged (base/model/.../acks/AbstractCommandAckRequestSetter.java). */

const NONE: readonly string[] = Object.freeze([]);

/** The labels of header `requested-acks`, without duplicates; undefined when it is absent. */
export function requestedAcks(headers: DittoHeaders): readonly string[] | undefined {
  const text = headerValue(headers, 'requested-acks');
  if (text === undefined) return undefined;
  if (text === '[]') return NONE;
  try {
    const labels = parseJson(text);
    return isJsonArray(labels) ? [...new Set(labels.filter((label) => typeof label === 'string'))] : [];
  } catch {
    return [];
  }
}

/**
 * A command with the acknowledgement requests that its kind implies: of modifying the twin that it is persisted, of
 * live commands and messages that they are answered. All other signals stay as they are.
 *
 * @throws DittoError `command.headers.invalid` for a live query that implies no answer
 */
export function withAckRequestDefaults(signal: Signal): Signal {
  const implicit = implicitLabel(signal);
  if (implicit === undefined) return signal;
  const { headers } = signal;
  const given = requestedAcks(headers);
  const isTimeoutZero = timeoutOf(headers) === 0;
  const labels =
    filtered(given, implicit) ?? implied(given, implicit, isResponseRequired(headers), isTimeoutZero);
  const responseRequired = headerValue(headers, 'response-required') ?? String(!isTimeoutZero);
  const changed = withHeaders(headers, {
    'requested-acks': labels.length === 0 ? '[]' : JSON.stringify(labels),
    'response-required': responseRequired,
  });
  if (signal.category === 'QUERY') checkQueryHeaders(changed);
  return { ...signal, headers: changed };
}

/** Ditto's own labels of another kind than the command's go; a twin command may ask for `search-persisted`. */
function filtered(
  given: readonly string[] | undefined,
  implicit: DittoAckLabel,
): readonly string[] | undefined {
  const isForeign = (label: string): boolean =>
    implicit === 'twin-persisted' ? label === 'live-response' : label !== implicit && isDittoAckLabel(label);
  return given?.some(isForeign) === true ? given.filter((label) => !isForeign(label)) : undefined;
}

function implied(
  given: readonly string[] | undefined,
  implicit: DittoAckLabel,
  responseRequired: boolean,
  isTimeoutZero: boolean,
): readonly string[] {
  if (given === undefined) return responseRequired && !isTimeoutZero ? [implicit] : NONE;
  if (implicit === 'twin-persisted') return given;
  if (!responseRequired) return given.filter((label) => label !== implicit);
  return given.length === 0 || given.includes(implicit) ? given : [...given, implicit];
}

function implicitLabel(signal: Signal): DittoAckLabel | undefined {
  if (signal.kind !== 'command') return undefined;
  if (signal.type.startsWith('messages.')) return 'live-response';
  if (!signal.type.startsWith('things.')) return undefined;
  if (isLive(signal) || isSmartQuery(signal)) return 'live-response';
  return signal.category === 'QUERY' ? undefined : 'twin-persisted';
}

const isLive = ({ headers }: Signal): boolean => headerValue(headers, 'channel') === 'live';

/** A query of the twin that is answered live if the thing fulfils a condition (`live-channel-condition`). */
export const isSmartQuery = ({ category, headers }: Signal): boolean =>
  category === 'QUERY' && headerValue(headers, 'live-channel-condition') !== undefined;

/** Answers are wanted unless a header says otherwise. */
export const isResponseRequired = (headers: DittoHeaders): boolean =>
  headerValue(headers, 'response-required') !== 'false';

/** Header `timeout` in milliseconds. */
export function timeoutOf(headers: DittoHeaders): number | undefined {
  const text = headerValue(headers, 'timeout');
  return text === undefined ? undefined : parseTimeoutMs(text);
}

/**
 * Whether the answers to a command are to be collected: it counts for the settlement of its message and gets an
 * aggregator (edge/service/.../AcknowledgementAggregatorActorStarter.java). Asked after the defaults are set.
 */
export function isAckRequesting(signal: Signal): boolean {
  if (signal.kind !== 'command') return false;
  const isThing = signal.type.startsWith('things.');
  const labels = requestedAcks(signal.headers) ?? [];
  if (signal.type.startsWith('messages.') || (isThing && isLive(signal))) {
    return labels.some((label) => label !== 'twin-persisted');
  }
  if (isThing && signal.category !== 'QUERY') return labels.some((label) => label !== 'live-response');
  return isThing && isSmartQuery(signal);
}

/** The refusal of a command that wants an answer in no time. */
export function impossibleTimeout({ headers }: Signal): DittoError | undefined {
  if (timeoutOf(headers) !== 0) return undefined;
  if (!isResponseRequired(headers) && (requestedAcks(headers) ?? []).length === 0) return undefined;
  return makeError(
    'header.invalid',
    "The value of the header 'timeout' must not be zero if response or acknowledgements are requested.",
    { description: 'Please provide a positive timeout.', details: { invalidHeaderKey: 'timeout' } },
  );
}

/**
 * How long answers to a command are collected, in milliseconds: its own timeout, but no longer than `longestMs`; a
 * query that is answered live or by the twin gets a little more for the second attempt.
 */
export function collectingTimeoutMs(signal: Signal, longestMs: number): number {
  const own = timeoutOf(signal.headers);
  if (isSmartQuery(signal) && !isLive(signal)) return (own ?? 60_000) + 10_000;
  return own === undefined ? longestMs : Math.min(own, longestMs);
}
