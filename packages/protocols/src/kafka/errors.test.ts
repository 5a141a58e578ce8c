import { MisconfiguredError } from '@hawser/core';
import { expect, test } from '@jest/globals';
import { openFailure, refusal } from './errors.ts';

const failure = (name: string, more: Record<string, unknown>, cause?: Error): Error =>
  Object.assign(new Error(`${name} happened`, cause === undefined ? {} : { cause }), { name, ...more });
const exceeded = (cause: Error): Error =>
  failure('KafkaJSNumberOfRetriesExceeded', { retriable: false }, cause);

test.each([
  ['a wrong password', failure('KafkaJSSASLAuthenticationError', { retriable: false }), true],
  [
    'an unknown topic',
    exceeded(failure('KafkaJSProtocolError', { type: 'UNKNOWN_TOPIC_OR_PARTITION' })),
    true,
  ],
  ['no permission', failure('KafkaJSProtocolError', { type: 'GROUP_AUTHORIZATION_FAILED' }), true],
  ['a coordinator that loads', failure('KafkaJSProtocolError', { type: 'GROUP_LOAD_IN_PROGRESS' }), false],
  ['a network', exceeded(failure('KafkaJSConnectionError', { code: 'ECONNRESET' })), false],
])('%s is the user’s to mend: %#', (_what, error, isMisconfigured) => {
  const told = openFailure(error);
  expect(told instanceof MisconfiguredError).toBe(isMisconfigured);
  expect(told.message).toMatch(/^(?!.*Exceeded).* happened$/);
});

test.each([
  [exceeded(failure('KafkaJSProtocolError', { type: 'NOT_LEADER_FOR_PARTITION', retriable: true })), 500],
  [failure('KafkaJSProtocolError', { type: 'MESSAGE_TOO_LARGE', retriable: false }), 400],
  [new RangeError('The value of "value" is out of range.'), 400],
])('%s is a refusal with %d', (error, status) => {
  expect(refusal(error)).toMatchObject({
    name: 'PublishError',
    status,
    message: expect.stringMatching(/^Encountered <\w+>\.$/),
  });
});

test('a network that fails is no refusal: nobody knows what became of the record', () => {
  expect(refusal(exceeded(failure('KafkaJSConnectionError', { retriable: true })))).toBeUndefined();
});
