import { ConnectionFailure, MisconfiguredError } from '@hawser/core';
import { expect, test } from '@jest/globals';
import { failureText, statusOf } from './failure.ts';

test('a failure with words of its own shows them before its cause, which decides whose fault it is', () => {
  const cause = new MisconfiguredError('Authentication failed');
  const failure = new ConnectionFailure('Unexpected consumer failure.', cause);
  expect(failureText(failure)).toBe(
    'Unexpected consumer failure. - cause <MisconfiguredError>: Authentication failed.',
  );
  expect(statusOf(failure)).toBe('misconfigured');
  expect(statusOf(new ConnectionFailure('Broker may not be available.', new Error('x')))).toBe('failed');
});
