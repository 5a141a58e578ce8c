import { ClientFailure, MisconfiguredError } from '@hawser/core';
import { expect, test } from '@jest/globals';
import { failureText, statusOf } from './failure.ts';

test('a failure with words of its own shows them before its cause, which decides whose fault it is', () => {
  const cause = new MisconfiguredError('Authentication failed');
  const failure = new ClientFailure('Unexpected consumer failure.', { cause });
  expect(failureText(failure)).toBe(
    'Unexpected consumer failure. - cause <MisconfiguredError>: Authentication failed.',
  );
  expect(statusOf(failure)).toBe('misconfigured');
  expect(statusOf(new ClientFailure('Broker may not be available.', { cause: new Error('x') }))).toBe(
    'failed',
  );
});
