import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { liveResponseMismatch } from './liveResponseMatching.ts';
import { signalFromAdaptable } from './signalFromAdaptable.ts';

const signal = (json: JsonObject): Signal =>
  signalFromAdaptable(parseAdaptable({ headers: { 'correlation-id': 'c' }, ...json }));

const message = signal({ topic: 'ns/t/things/live/messages/ask', path: '/inbox/messages/ask' });
const command = signal({ topic: 'ns/t/things/live/commands/modify', path: '/attributes/a', value: 1 });

describe('a live response', () => {
  test.each([
    [message, { topic: 'ns/t/things/live/messages/ask', path: '/inbox/messages/ask', status: 404 }],
    [command, { topic: 'ns/t/things/live/commands/modify', path: '/attributes/a', status: 204 }],
    [
      command,
      { topic: 'ns/t/things/live/errors', path: '/', status: 404, value: { status: 404, error: 'x:y' } },
    ],
  ])('answers what it fits', (asked, json) => {
    expect(liveResponseMismatch(asked, signal(json as JsonObject))).toBeUndefined();
  });

  test.each([
    [
      { topic: 'ns/u/things/live/commands/modify', path: '/attributes/a', status: 204 },
      'Entity ID of live response <ns:u> differs from entity ID of command <ns:t>.',
    ],
    [
      { topic: 'ns/t/things/live/commands/modify', path: '/policyId', status: 204 },
      'Type of live response <things.responses:modifyPolicyId> is not related to type of command <things.commands:modifyAttribute>.',
    ],
    [
      { topic: 'ns/t/things/live/messages/ask', path: '/inbox/messages/ask', status: 200 },
      'Type of live response <messages.responses:thingResponseMessage> is not related to type of command <things.commands:modifyAttribute>.',
    ],
    [
      {
        topic: 'ns/t/things/live/commands/modify',
        path: '/attributes/a',
        status: 204,
        headers: { 'correlation-id': 'd' },
      },
      'Correlation ID of live response <d> differs from correlation ID of command <c>.',
    ],
  ])('that does not fit says why', (json, why) => {
    expect(liveResponseMismatch(command, signal(json as JsonObject))).toBe(why);
  });
});
