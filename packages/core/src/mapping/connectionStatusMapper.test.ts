import { describe, expect, test } from '@jest/globals';
import type { Adaptable } from '../protocol/adaptable.ts';
import { connectionStatusEngine } from './connectionStatusMapper.ts';

const environment = { now: () => 0, newId: () => 'id' };
const CREATED = { 'creation-time': '1571214120000', id: 'a:b' };

function status(headers: Readonly<Record<string, string>>, featureId = 'c'): Adaptable | undefined {
  const mapper = connectionStatusEngine.create({ thingId: '{{ header:id }}', featureId }, environment);
  return (mapper.mapInbound({ headers }, { headers }) as readonly Adaptable[])[0];
}

describe('the ConnectionStatus mapper', () => {
  test('tells until when a device can be reached', () => {
    expect(status({ ...CREATED, ttd: '20' })).toMatchObject({
      topic: { channel: 'twin', action: 'modify' },
      path: '/features/c',
      value: {
        properties: { status: { readySince: '2019-10-16T08:22:00Z', readyUntil: '2019-10-16T08:22:20Z' } },
      },
    });
  });

  test('knows of devices that stay and of devices that went', () => {
    expect(status({ ...CREATED, ttd: '-1' })).toMatchObject({
      value: { properties: { status: { readyUntil: '9999-12-31T23:59:59Z' } } },
    });
    expect(status({ ...CREATED, ttd: '0' })).toMatchObject({
      path: '/features/c/properties/status/readyUntil',
      value: '2019-10-16T08:22:00Z',
    });
  });

  test.each([
    ['no time', { id: 'a:b', ttd: '1' }],
    ['no ttd', CREATED],
    ['a ttd that is no number', { ...CREATED, ttd: 'x' }],
    ['a ttd below -1', { ...CREATED, ttd: '-2' }],
    ['a time beyond time', { ...CREATED, ttd: '9999999999999999999' }],
    ['no thing', { 'creation-time': '1', ttd: '1' }],
    ['an id that is none', { ...CREATED, id: 'x y', ttd: '1' }],
  ])('drops messages with %s', (_what, headers) => {
    expect(status(headers)).toBeUndefined();
  });

  test('drops messages whose feature id would lead elsewhere', () => {
    expect(status({ ...CREATED, ttd: '1', f: 'x/properties' }, '{{ header:f }}')).toBeUndefined();
  });

  test('needs the id of a thing', () => {
    expect(() => connectionStatusEngine.create({}, environment)).toThrow("property 'thingId' was missing");
    expect(() => connectionStatusEngine.create({ thingId: 'x' }, environment)).toThrow(
      expect.objectContaining({ code: 'connectivity:message.mapper.config.invalid' }),
    );
  });
});
