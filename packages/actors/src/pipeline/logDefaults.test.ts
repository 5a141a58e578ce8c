import { makeError, PublishError } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import { genericText, textsOf } from './logDefaults.ts';
import { logTexts } from './logTexts.ts';

describe('texts of a log', () => {
  test('a logger without texts of its own has the generic ones', () => {
    expect(textsOf('source', 'throttled')).toMatchObject({
      success: 'Message was throttled',
      failure: 'Failure while message was throttled: {1}',
      exception: 'Unexpected failure while message was throttled: {1}',
    });
    expect(textsOf('source', 'constructor').success).toBe('Message was constructor');
  });

  test('errors of Ditto and of brokers are failures, anything else is unexpected', () => {
    const error = makeError('connectivity:connection.failed', 'No.', { description: 'Not now.' });
    expect(logTexts.publish(undefined)).toBe('Successfully published signal.');
    expect(logTexts.publish(error)).toBe('Ran into a failure when publishing signal: No. Not now.');
    expect(logTexts.publish(new PublishError(503, 'Full.'))).toBe(
      'Ran into a failure when publishing signal: Full.',
    );
    expect(logTexts.publish(new Error('$& odd'))).toBe('Unexpected failure when publishing signal: $& odd');
    expect(logTexts.responsePublish(new Error('x'))).toBe('Unexpected failure when publishing response: x');
  });

  test.each([
    ['Received signal.', 'Message was consumed'],
    ['Ran into a failure when parsing an input command: x', 'Failure while message was consumed: x'],
    [
      'Ran into an unexpected failure when parsing an input command: x',
      'Unexpected failure while message was consumed: x',
    ],
    ['own words', 'own words'],
  ])('%s is published as %s', (text, published) => {
    expect(genericText('source', 'consumed', text)).toBe(published);
  });
});
