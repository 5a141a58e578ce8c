import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseTarget } from '../model/parseTarget.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { compileTargetFilter, isOwn, viewOf } from './signalFilter.ts';
import type { SignalView } from './signalFilterView.ts';

const GRANTED = { 'ditto-read-subjects': '["s:1","s:2"]' };

/** An event of the thing `org.acme:pump`. */
function event(change: JsonObject = {}, headers: Readonly<Record<string, string>> = GRANTED): Signal {
  const adaptable = parseAdaptable({
    topic: 'org.acme/pump/things/twin/events/modified',
    path: '/attributes/n',
    value: 5,
    revision: 3,
    ...change,
  });
  return {
    kind: 'event',
    type: 'things.events:attributeModified',
    adaptable,
    headers,
    entityId: 'org.acme:pump',
    entityType: 'thing',
    resourcePath: adaptable.path,
    status: undefined,
    category: undefined,
  };
}

const seen = (signal: Signal): SignalView => viewOf(signal, { connectionId: 'conn-1', now: () => 0 });
const filterOf = (topics: readonly string[], subjects: readonly string[] = ['s:1']) =>
  compileTargetFilter(parseTarget({ address: 'a', topics, authorizationContext: subjects }));
const selects = (topic: string, signal: Signal = event()): boolean => filterOf([topic]).selects(seen(signal));

const EVENTS = '_/_/things/twin/events';

describe('a target gets a signal', () => {
  test('of one of its topics', () => {
    expect(selects(EVENTS)).toBe(true);
    expect(selects('_/_/things/live/events')).toBe(false);
    const live = { ...event(), headers: { ...GRANTED, channel: 'LIVE' } };
    expect(selects('_/_/things/live/events', live)).toBe(true);
    expect(selects('_/_/things/live/messages', { ...live, type: 'messages.commands:thingMessage' })).toBe(
      true,
    );
    expect(selects('_/_/things/live/commands', { ...live, kind: 'command' })).toBe(true);
    expect(selects('_/_/things/live/commands', { ...live, kind: 'acknowledgement' })).toBe(false);
    expect(selects(EVENTS, { ...event(), kind: 'response' })).toBe(false);
    expect(selects(EVENTS, { ...event(), entityType: 'policy' })).toBe(false);
  });

  test.each([
    [['s:1'], GRANTED, true],
    [['other'], GRANTED, false],
    [['other', 's:2'], GRANTED, true],
    [['s:1', 's:2'], { ...GRANTED, 'ditto-read-revoked-subjects': '["s:2"]' }, false],
    [['s:1'], {}, false],
    [[], GRANTED, false],
    [['s:1'], { 'ditto-read-subjects': 's:1' }, false],
  ])('that its subjects %j may read: %j', (subjects, headers, expected) => {
    expect(filterOf([EVENTS], subjects).selects(seen(event({}, headers)))).toBe(expected);
  });

  test('that is an announcement, whatever its subjects', () => {
    const announcement: Signal = { ...event({}, {}), kind: 'announcement', entityType: 'policy' };
    expect(filterOf(['_/_/policies/announcements'], []).selects(seen(announcement))).toBe(true);
    expect(filterOf(['_/_/connections/announcements'], []).selects(seen(announcement))).toBe(false);
  });

  test.each([
    ['?namespaces=org.acme,x', true],
    ['?namespaces=org', false],
    ['?filter=gt(attributes/n,4)', true],
    ['?filter=gt(attributes/n,5)', false],
    ['?namespaces=x&filter=gt(attributes/n,4)', false],
    ["?filter=and(eq(topic:action,'modified'),like(resource:path,'*/n'))", true],
    ['?filter=exists(attributes/other)', false],
  ])('that %s lets through: %s', (query, expected) => {
    expect(selects(EVENTS + query)).toBe(expected);
  });

  test.each([
    ['?filter=eq(attributes/loc,1)&extraFields=attributes/loc', true],
    ['?filter=not(eq(attributes/loc,1))&extraFields=attributes/loc', true],
    ['?filter=eq(attributes/loc/city,1)&extraFields=attributes/loc', true],
    ['?filter=eq(attributes/other,1)&extraFields=attributes/loc', false],
    ['?filter=and(eq(attributes/loc,1),eq(attributes/n,6))&extraFields=attributes/loc', false],
    ['?filter=or(eq(attributes/loc,1),eq(attributes/n,6))&extraFields=attributes/loc', true],
    ['?filter=not(or(eq(attributes/loc,1),eq(attributes/n,5)))&extraFields=attributes/loc', false],
    ['?filter=eq(features/lamp/properties/on,true)&extraFields=features/*/properties', true],
  ])('whose unknown extra fields could match: %s %s', (query, expected) => {
    expect(selects(EVENTS + query)).toBe(expected);
  });
});

describe('a filter that is wrong', () => {
  const wrong = filterOf([`${EVENTS}?namespaces=x&filter=eq(foo)`]);

  test('is told when the target is compiled', () => {
    expect(() => wrong.check()).toThrow(expect.objectContaining({ code: 'rql.expression.invalid' }));
  });

  test('does not stand in the way of signals that it does not concern', () => {
    expect(wrong.selects(seen(event()))).toBe(false);
  });
});

describe('extra fields', () => {
  test('are asked for by all topics of the kind together, each once', () => {
    const filter = filterOf([
      `${EVENTS}?extraFields=attributes/a,features/lamp`,
      `${EVENTS}?extraFields=attributes/a,thingId&filter=eq(attributes/n,7)`,
      '_/_/things/live/events?extraFields=attributes/live',
    ]);
    expect(filter.extraFields(seen(event()))).toEqual([
      ['attributes', 'a'],
      ['features', 'lamp'],
      ['thingId'],
    ]);
  });

  test('may have placeholders; one without value asks for nothing', () => {
    const filter = filterOf([`${EVENTS}?extraFields=features/{{ feature:id }}/properties,attributes/a`]);
    const change = { path: '/features/lamp/properties/on', value: true };
    expect(filter.extraFields(seen(event(change)))).toEqual([
      ['features', 'lamp', 'properties'],
      ['attributes', 'a'],
    ]);
    expect(filter.extraFields(seen(event()))).toEqual([['attributes', 'a']]);
  });

  test('of the first topic whose filter matches the enriched thing go into the message', () => {
    const filter = filterOf([
      `${EVENTS}?extraFields=attributes/loc&filter=eq(attributes/loc,'k')`,
      `${EVENTS}?extraFields=attributes/o&filter=eq(attributes/loc,'x')`,
    ]);
    const enrich = (attributes: JsonObject) => filter.enrich(seen(event()), { attributes });
    expect(enrich({ loc: 'k', o: 1 })).toEqual({ extra: { attributes: { loc: 'k' } } });
    expect(enrich({ loc: 'y' })).toBeUndefined();
  });

  test('stay out of the message where a plain topic takes the signal', () => {
    const filter = filterOf([EVENTS, `${EVENTS}?extraFields=attributes/loc&filter=eq(attributes/loc,'k')`]);
    expect(filter.enrich(seen(event()), { attributes: { loc: 'y' } })).toEqual({ extra: undefined });
  });

  test('select every feature by a star', () => {
    const filter = filterOf([`${EVENTS}?extraFields=features/*/properties/on`]);
    const features = { a: { properties: { on: 1, x: 2 } }, b: { properties: {} } };
    expect(filter.enrich(seen(event()), { features })).toEqual({
      extra: { features: { a: { properties: { on: 1 } } } },
    });
  });
});

test('what came from a connection does not go out through it again, unless it answers', () => {
  const own = event({}, { 'ditto-origin': 'conn-1' });
  expect(isOwn(own, 'conn-1')).toBe(true);
  expect(isOwn(own, 'conn-2')).toBe(false);
  expect(isOwn({ ...own, kind: 'response' }, 'conn-1')).toBe(false);
  expect(isOwn({ ...own, kind: 'error' }, 'conn-1')).toBe(false);
});
