import { isDittoError } from '@hawser/core';

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

/** Texts of a connection's log (spec 05, 3.4; connectivity/.../monitoring/logs/ConnectionLoggerFactory.java). */
export const logTexts = {
  consumed: 'Received signal.',
  consumedFailed: (error: unknown) =>
    isDittoError(error)
      ? `Ran into a failure when parsing an input command: ${reasonOf(error)}`
      : `Ran into an unexpected failure when parsing an input command: ${reasonOf(error)}`,
  inboundMapped: remembered((mapper) => `Successfully mapped incoming signal with mapper <${mapper}>`),
  inboundDropped: (mapper: string) =>
    `Payload mapping of mapper <${mapper}> returned null, incoming message is dropped`,
  inboundFailed: (error: unknown, mapper: string | undefined) =>
    isDittoError(error)
      ? `Got exception <${error.code}> when processing external message with mapper <${mapper ?? '?'}>: ${error.message}`
      : `Got unknown exception when processing external message: ${messageOf(error)}`,
  enforced: 'Successfully applied enforcement on incoming signal.',
  enforcementFailed: (error: unknown) =>
    `Ran into a failure when enforcing incoming signal: ${reasonOf(error)}`,
  dispatched: 'Successfully dispatched signal.',
  filtered: 'Signal successfully passed possible filters.',
  outboundMapped: remembered((mapper) => `Mapped outgoing signal with mapper <${mapper}>`),
  outboundDropped: (mapper: string) =>
    `Payload mapping of mapper <${mapper}> returned null, outgoing message is dropped`,
  addressUnresolved: (address: string) => `Signal dropped, target address unresolved: ${address}`,
  outboundFailed: (error: unknown) =>
    isDittoError(error)
      ? `Ran into a failure when mapping outgoing signal: ${reasonOf(error)}`
      : `Unexpected failure when mapping outgoing signal: ${reasonOf(error)}`,
  publish: (error: unknown) =>
    error === undefined
      ? 'Successfully published signal.'
      : `Ran into a failure when publishing signal: ${reasonOf(error)}`,
  issuedAck: 'Received successful acknowledgement for published signal.',
  issuedAckFailed: (reason: string) =>
    `Ran into a failure for expected acknowledgement of published signal: ${reason}`,
  responseDispatched: 'Received response.',
  responseUnsuccessful:
    'Response was not successful. This may be the case for when a thing could not be found or the authorization subject of the consuming source was not allowed to write a thing.',
  responseNotExpected:
    'Dropped response since requester did not require response via Header ditto-expected-response-types.',
  responsePublish: (error: unknown) =>
    error === undefined
      ? 'Successfully published response.'
      : `Ran into a failure when publishing response: ${reasonOf(error)}`,
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
