import { describe, expect, test } from '@jest/globals';
import { parseConnection } from '../model/parseConnection.ts';
import { historicalPoint, isUpTo, type PastEvent, stateAt } from './history.ts';
import { absentAt } from './state.ts';

const connection = parseConnection({
  id: 'c1',
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://localhost:1883',
  sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['a:b'] }],
});
const common = { connectionId: 'c1', timestamp: undefined, metadata: undefined };
const past: readonly PastEvent[] = [
  {
    event: { ...common, type: 'connectivity.events:connectionCreated', revision: 1, connection },
    timestamp: 1000,
  },
  { event: { ...common, type: 'connectivity.events:connectionOpened', revision: 2 }, timestamp: 2000 },
  { event: { ...common, type: 'connectivity.events:connectionDeleted', revision: 3 }, timestamp: 3000 },
];

describe('the point in the past', () => {
  test('is a revision, else a time, else none', () => {
    expect(historicalPoint({ 'at-historical-revision': '3', 'at-historical-timestamp': 'x' })).toEqual({
      revision: 3,
    });
    expect(historicalPoint({ 'at-historical-timestamp': '2024-01-02T03:04:05Z' })).toEqual({
      timestamp: '2024-01-02T03:04:05Z',
    });
    expect(historicalPoint({})).toBeUndefined();
  });

  test('is refused when the revision is no number', () => {
    expect(() => historicalPoint({ 'at-historical-revision': 'three' })).toThrow('is not a valid');
  });
});

describe('the connection at a point', () => {
  const at = (point: Parameters<typeof stateAt>[1]) =>
    stateAt(
      'c1',
      point,
      absentAt(0),
      past.filter((event) => isUpTo(point, event)),
    );

  test('is what the events up to it make of it', () => {
    expect(at({ revision: 1 })).toMatchObject({ revision: 1, connection: { connectionStatus: 'closed' } });
    expect(at({ revision: 2 })).toMatchObject({ revision: 2, connection: { connectionStatus: 'open' } });
    expect(at({ timestamp: '1970-01-01T00:00:02.500Z' })).toMatchObject({ revision: 2 });
  });

  test.each([{ revision: 3 }, { revision: 4 }, { revision: 0 }, { timestamp: '1970-01-01T00:00:00.500Z' }])(
    'is not found at %p',
    (point) => {
      expect(() => at(point)).toThrow('could not be found');
    },
  );

  test('is not found when events between are gone', () => {
    expect(() => stateAt('c1', { revision: 2 }, absentAt(0), past.slice(1, 2))).toThrow('could not be found');
  });
});
