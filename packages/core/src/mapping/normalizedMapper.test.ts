import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { normalizedEngine } from './normalizedMapper.ts';

const environment = { now: () => 0, newId: () => 'id' };

function normalize(event: JsonObject, options: JsonObject = {}): JsonObject | undefined {
  const adaptable = parseAdaptable({
    revision: 4,
    ...event,
    topic: `a/b/things/twin/events/${event['topic']}`,
  });
  const [message] = normalizedEngine
    .create(options, environment)
    .mapOutbound(adaptable) as readonly ExternalMessage[];
  return message === undefined ? undefined : (parseJson(message.text ?? '') as JsonObject);
}

const change = { topic: 'modified', path: '/features/f/properties/x', value: 1 };
const NULLS = { a: null, b: { c: null }, d: 1 };

describe('the Normalized mapper', () => {
  test('nests the value where the path says', () => {
    expect(normalize(change)).toEqual({
      thingId: 'a:b',
      features: { f: { properties: { x: 1 } } },
      _revision: 4,
      _context: { topic: 'a/b/things/twin/events/modified', path: change.path, value: 1, headers: {} },
    });
  });

  test('lays the change over the extra fields, a null of the change deletes', () => {
    const extra = { attributes: { k: 1 }, features: { f: { properties: { x: 0, y: 2 } } } };
    expect(normalize({ ...change, extra })).toMatchObject({
      attributes: { k: 1 },
      features: { f: { properties: { x: 1, y: 2 } } },
    });
    const deleted = normalize({ ...change, value: null, extra });
    expect(deleted).toMatchObject({ features: { f: { properties: { y: 2 } } } });
    expect(deleted).not.toHaveProperty('features.f.properties.x');
  });

  test('shows of a merge what is left without nulls and empty objects', () => {
    const merged = normalize({ topic: 'merged', path: '/attributes', value: NULLS });
    expect(merged).toHaveProperty('attributes', { d: 1 });
  });

  test('selects fields; an empty selector selects nothing', () => {
    expect(normalize(change, { fields: 'thingId,_context(path)' })).toEqual({
      thingId: 'a:b',
      _context: { path: change.path },
    });
    expect(normalize(change, { fields: '' })).toEqual({});
  });

  test.each([
    ['a deletion', { topic: 'deleted', path: '/attributes/a' }, { attributes: { a: 'T' } }],
    ['a merge of null', { topic: 'merged', path: '/attributes/a', value: null }, { attributes: { a: 'T' } }],
    [
      'a merge',
      { topic: 'merged', path: '/attributes', value: NULLS },
      { attributes: { a: 'T', b: { c: 'T' } } },
    ],
    ['a change', { topic: 'modified', path: '/attributes', value: NULLS }, undefined],
  ])('tells on request what %s deleted', (_what, event, expected) => {
    const timestamp = '2024-01-01T00:00:00Z';
    const text = JSON.stringify(expected)?.replaceAll('"T"', `"${timestamp}"`);
    const deleted = normalize({ ...event, timestamp }, { includeDeletedFields: true })?.['_deletedFields'];
    expect(deleted).toEqual(text === undefined ? undefined : JSON.parse(text));
  });

  test('drops deletions of parts and what is no event of a thing', () => {
    expect(normalize({ topic: 'deleted', path: '/attributes/a' })).toBeUndefined();
    expect(normalize({ topic: 'deleted', path: '/', timestamp: '2024-01-01T00:00:00Z' })).toMatchObject({
      _deleted: '2024-01-01T00:00:00Z',
    });
    const command = parseAdaptable({ topic: 'a/b/things/twin/commands/modify', path: '/', value: {} });
    expect(normalizedEngine.create({}, environment).mapOutbound(command)).toEqual([]);
  });

  test('keeps hostile names as names, and refuses paths without end', () => {
    const path = '/attributes/__proto__/x';
    const result = normalize({ topic: 'modified', path, value: 1, extra: { attributes: { k: 1 } } });
    expect(JSON.stringify(result?.['attributes'])).toBe('{"k":1,"__proto__":{"x":1}}');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(() => normalize({ topic: 'modified', path: '/a'.repeat(5000), value: 1 })).toThrow(
      'could not be mapped',
    );
  });
});
