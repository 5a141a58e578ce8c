import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { type Adaptable, parseAdaptable } from '../protocol/adaptable.ts';
import { updateTwinWithLiveResponseEngine } from './updateTwinMapper.ts';

const RESPONSE = {
  topic: 'a/b/things/live/commands/retrieve',
  headers: { 'correlation-id': 'c' },
  path: '/attributes',
  value: { n: 1 },
  status: 200,
};

function create(options: JsonObject = {}) {
  const all = { ...updateTwinWithLiveResponseEngine.defaultOptions, ...options };
  return updateTwinWithLiveResponseEngine.create(all, { now: () => 0, newId: () => 'new-id' });
}

const map = (json: unknown, options?: JsonObject, headers: Readonly<Record<string, string>> = {}) =>
  create(options).mapInbound({ headers, text: JSON.stringify(json) }, { headers }) as readonly Adaptable[];

describe('the UpdateTwinWithLiveResponse mapper', () => {
  test('merges what a device answered into its twin', () => {
    expect(map(RESPONSE)).toMatchObject([
      {
        topic: { namespace: 'a', name: 'b', channel: 'twin', criterion: 'commands', action: 'merge' },
        headers: {
          'response-required': 'false',
          'if-match': '*',
          'correlation-id': 'c-merge-into-twin',
          'content-type': 'application/merge-patch+json',
        },
        path: '/attributes',
        value: { n: 1 },
      },
    ]);
  });

  test('takes other headers from its options, with placeholders', () => {
    const options = {
      dittoHeadersForMerge: { 'if-match': '"rev:1"', room: '{{ header:room }}', x: '{{ header:none }}' },
    };
    expect(map({ ...RESPONSE, headers: {} }, options, { room: 'r' })[0]?.headers).toEqual({
      'if-match': '"rev:1"',
      room: 'r',
      x: '{{header:none }}',
      'correlation-id': 'new-id-merge-into-twin',
      'content-type': 'application/merge-patch+json',
    });
  });

  test.each([
    ['a command', { ...RESPONSE, status: undefined }],
    ['an answer of the twin', { ...RESPONSE, topic: 'a/b/things/twin/commands/retrieve' }],
    ['the answer to a change', { ...RESPONSE, topic: 'a/b/things/live/commands/modify' }],
    ['no message at all', 'x'],
  ])('drops %s', (_what, json) => {
    expect(map(json)).toEqual([]);
  });

  test('refuses an answer that is none', () => {
    expect(() => map({ ...RESPONSE, value: 1 })).toThrow(
      expect.objectContaining({ code: 'protocoladapter:illegal.adaptable' }),
    );
  });

  test('drops everything that goes out', () => {
    expect(create().mapOutbound(parseAdaptable(RESPONSE))).toEqual([]);
  });
});
