import { isDittoError, PublishError } from '@hawser/core';
import { textsOf } from './logDefaults.ts';
import type { LogCategory } from './logRing.ts';

/** Most mappers whose texts are kept; a connection has a handful. */
const maxRemembered = 1_000;

/** The same text for the same mapper, made once: it is written for every message. */
function remembered(make: (mapper: string) => string): (mapper: string) => string {
  const texts = new Map<string, string>();
  return (mapper) => {
    const known = texts.get(mapper);
    if (known !== undefined) return known;
    if (texts.size >= maxRemembered) texts.clear();
    const text = make(mapper);
    texts.set(mapper, text);
    return text;
  };
}

/** The text of a logger for a failure; `undefined` is a success. */
function defaultText(category: LogCategory, type: string): (error: unknown) => string {
  const { success, failure, exception } = textsOf(category, type);
  return (error) => {
    if (error === undefined) return success;
    // a broker's refusal is one of Ditto's errors there
    const isKnown = isDittoError(error) || error instanceof PublishError;
    return (isKnown ? failure : exception).replace('{1}', () => reasonOf(error));
  };
}

/** Texts of a connection's log (connectivity/.../monitoring/logs/ConnectionLoggerFactory.java). */
export const logTexts = {
  consumed: textsOf('source', 'consumed').success,
  consumedFailed: defaultText('source', 'consumed'),
  inboundMapped: remembered((mapper) => `Successfully mapped incoming signal with mapper <${mapper}>`),
  inboundDropped: (mapper: string) =>
    `Payload mapping of mapper <${mapper}> returned null, incoming message is dropped`,
  inboundFailed: (error: unknown, mapper: string | undefined) =>
    isDittoError(error)
      ? `Got exception <${error.code}> when processing external message with mapper <${mapper ?? '?'}>: ${error.message}`
      : `Got unknown exception when processing external message: ${messageOf(error)}`,
  liveResponseInvalid: (error: Error) => `Live response is invalid: ${error.message}`,
  enforced: textsOf('source', 'enforced').success,
  enforcementFailed: defaultText('source', 'enforced'),
  dispatched: textsOf('target', 'dispatched').success,
  filtered: textsOf('target', 'filtered').success,
  outboundMapped: remembered((mapper) => `Mapped outgoing signal with mapper <${mapper}>`),
  outboundDropped: (mapper: string) =>
    `Payload mapping of mapper <${mapper}> returned null, outgoing message is dropped`,
  addressUnresolved: (address: string) => `Signal dropped, target address unresolved: ${address}`,
  outboundFailed: defaultText('target', 'mapped'),
  publish: defaultText('target', 'published'),
  issuedAck: textsOf('target', 'acknowledged').success,
  issuedAckFailed: (reason: string) => textsOf('target', 'acknowledged').failure.replace('{1}', () => reason),
  responseDispatched: textsOf('response', 'dispatched').success,
  responseUnsuccessful: textsOf('response', 'dispatched').failure,
  responseNotExpected:
    'Dropped response since requester did not require response via Header ditto-expected-response-types.',
  responsePublish: defaultText('response', 'published'),
} as const;

/** Message and description of a Ditto error; the message of any other. */
function reasonOf(error: unknown): string {
  if (!isDittoError(error)) return messageOf(error);
  return error.description === undefined ? error.message : `${error.message} ${error.description}`;
}

export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return error === undefined ? 'not specified' : String(error);
}
