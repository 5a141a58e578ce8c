import { describe, expect, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { compilePolicy } from './policyEnforcer.ts';
import { readersOf, restrictEvent } from './readers.ts';

const read = { grant: ['READ'], revoke: [] };
const unread = { grant: [], revoke: ['READ'] };
const of = (subject: string, resources: JsonObject): JsonObject => ({
  subjects: { [subject]: { type: 't' } },
  resources,
});
const enforcer = compilePolicy({
  entries: {
    all: of('s:all', { 'thing:/': read, 'message:/': read }),
    part: of('s:part', { 'thing:/attributes/a/x': read }),
    but: of('s:but', {
      'thing:/': read,
      'thing:/attributes': unread,
      'message:/': read,
      'message:/inbox': unread,
    }),
    back: of('s:back', { 'thing:/attributes': unread, 'thing:/attributes/b': read }),
    none: of('s:none', { 'policy:/': read }),
  },
});

const signal = (topic: string, path: string, value?: JsonValue, rest: JsonObject = {}): Signal =>
  signalFromAdaptable(parseAdaptable({ topic, path, ...(value === undefined ? {} : { value }), ...rest }));
const event = (action: string, path: string, value?: JsonValue): Signal =>
  signal(`ns/t/things/twin/events/${action}`, path, value, { revision: 2, metadata: { a: 1 } });

describe('readers', () => {
  test.each<[string, Signal, granted: string[], revoked: string[]]>([
    ['of an event at a path', event('modified', '/attributes/a/x', 1), ['s:all', 's:part'], []],
    [
      'of an event above what some may read',
      event('modified', '/attributes', {}),
      ['s:all', 's:part', 's:back'],
      [],
    ],
    ['of an event below', event('modified', '/attributes/b/deep', 1), ['s:all', 's:back'], []],
    ['of a thing', event('created', '/', {}), ['s:all', 's:part', 's:but', 's:back'], []],
    [
      'of a live event',
      signal('ns/t/things/live/events/modified', '/attributes', {}, { revision: 1 }),
      ['s:all', 's:part', 's:back'],
      [],
    ],
    [
      'of a live command',
      signal('ns/t/things/live/commands/modify', '/attributes', {}),
      ['s:all'],
      ['s:but', 's:back'],
    ],
    ['of a message', signal('ns/t/things/live/messages/ask', '/inbox/messages/ask'), ['s:all'], ['s:but']],
    [
      'of a message from the thing',
      signal('ns/t/things/live/messages/ask', '/outbox/messages/ask'),
      ['s:all', 's:but'],
      [],
    ],
  ])('%s', (_name, about, granted, revoked) => {
    expect(readersOf(about, enforcer)).toEqual({ granted, revoked });
  });
});

describe('an event as a subject sees it', () => {
  const thing = { thingId: 'ns:t', policyId: 'ns:p', attributes: { a: { x: 1, y: 2 }, b: 3 } };
  test.each<[string, Signal, subject: string, value: JsonValue | undefined]>([
    [
      'cut to a part',
      event('modified', '/attributes', { a: { x: 1, y: 2 }, b: 3 }),
      's:part',
      { a: { x: 1 } },
    ],
    ['of a thing', event('created', '/', thing), 's:part', { thingId: 'ns:t', attributes: { a: { x: 1 } } }],
    ['of a merge', event('merged', '/attributes', { a: { x: null, y: 2 } }), 's:part', { a: { x: null } }],
    ['of a merge beside the part', event('merged', '/attributes', { b: 2 }), 's:part', undefined],
    [
      'of a list above the part',
      event('modified', '/attributes', { a: [{ x: 1, y: 2 }, 5] }),
      's:part',
      { a: [{ x: 1 }] },
    ],
    ['of a plain value above the part', event('modified', '/attributes/a', 5), 's:part', undefined],
    ['of something else', event('modified', '/attributes/b', 5), 's:part', undefined],
    ['of what was granted again', event('modified', '/attributes', { a: 1, b: 2 }), 's:back', { b: 2 }],
    ['by nobody', event('created', '/', thing), 's:nobody', undefined],
  ])('%s', (_name, told, subject, value) => {
    const seen = restrictEvent(told, enforcer, [subject]);
    expect(seen?.adaptable.value).toEqual(value);
    expect(seen?.adaptable.metadata).toBeUndefined();
    expect(seen?.type).toBe(value === undefined ? undefined : told.type);
  });

  test('stays as it is for whoever may read it all', () => {
    const told = event('modified', '/attributes/a', { x: 1 });
    expect(restrictEvent(told, enforcer, ['s:nobody', 's:all'])).toBe(told);
  });

  test.each([
    ['/attributes', 's:part', true],
    ['/', 's:part', true],
    ['/attributes/b', 's:part', false],
    ['/', 's:none', false],
  ])('a deletion of %s is told to %s: %s', (path, subject, isTold) => {
    const told = event('deleted', path);
    expect(restrictEvent(told, enforcer, [subject])?.adaptable.path).toBe(isTold ? path : undefined);
  });
});
