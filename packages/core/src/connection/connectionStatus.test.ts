import { sampleConnection, sampleSource, sampleTarget } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { aggregateStatus, missingRows, usagePriority } from './connectionStatus.ts';
import { priorityOf } from './journalTags.ts';

const row = (type: string, status: string, more = {}) => ({ type, client: '1', status, ...more });

describe('the live status', () => {
  test.each([
    ['open', [row('client', 'open'), row('source', 'open')]],
    ['open', [row('client', 'open'), row('target', 'unknown'), row('target', 'open')]],
    ['failed', [row('client', 'open'), row('source', 'failed'), row('target', 'misconfigured')]],
    ['misconfigured', [row('client', 'open'), row('target', 'misconfigured')]],
    ['unknown', [row('client', 'closed')]],
    ['closed', ['client', 'source', 'target', 'ssh'].map((type) => row(type, 'closed'))],
    ['unknown', [row('client', 'unknown')]],
  ])('is %s', (expected, rows) => {
    expect(aggregateStatus('open', rows)['liveStatus']).toBe(expected);
  });
});

test('recovery has succeeded when it has for every client that says so', () => {
  const of = (...statuses: string[]) =>
    aggregateStatus(
      'open',
      statuses.map((recoveryStatus) => row('client', 'open', { recoveryStatus })),
    )['recoveryStatus'];
  expect(of('succeeded', 'succeeded')).toBe('succeeded');
  expect(of('ongoing', 'backOffLimitReached')).toBe('backOffLimitReached');
  expect(of('succeeded', 'ongoing')).toBe('ongoing');
  expect(of('succeeded', 'unknown')).toBe('unknown');
});

test('lists appear in order, empty ones do not, and the first client that is open says since when', () => {
  const rows = [
    row('client', 'open', { inStateSince: '2024-01-02T00:00:00Z' }),
    row('client', 'open', { inStateSince: '2024-01-01T00:00:00.5Z' }),
    row('client', 'failed', { inStateSince: '2023-01-01T00:00:00Z' }),
  ];
  const status = aggregateStatus('open', rows);
  expect(status['connectedSince']).toBe('2024-01-01T00:00:00.5Z');
  expect(Object.keys(status)).toEqual([
    'connectionStatus',
    'liveStatus',
    'recoveryStatus',
    'connectedSince',
    'clientStatus',
  ]);
});

test('the priority is what was consumed and published in a day, within an integer', () => {
  const success = (PT24H: number) => ({ success: { PT24H } });
  const metrics = (inbound: object | null, outbound: object | null) =>
    ({ connectionMetrics: { inbound, outbound } }) as Parameters<typeof usagePriority>[0];
  expect(usagePriority(metrics({ consumed: success(3) }, { published: success(4) }))).toBe(7);
  expect(usagePriority(metrics({ consumed: success(2 ** 40) }, null))).toBe(2_147_483_647);
  expect(usagePriority(metrics(null, null))).toBe(0);
  expect(usagePriority({})).toBe(0);
});

test('the priority of a journal entry is in its tags', () => {
  expect(priorityOf(['always-alive', 'priority-12'])).toBe(12);
  expect(priorityOf(['always-alive'])).toBe(0);
  expect(priorityOf(['priority-x'])).toBe(0);
});

test('what an open connection has not reported is shown as failed', () => {
  const connection = sampleConnection({
    connectionType: 'amqp-091',
    connectionStatus: 'open',
    clientCount: 2,
    sources: [sampleSource({ addresses: ['a', 'b'], consumerCount: 2 })],
    targets: [sampleTarget({ address: 't' })],
  });
  const reported = [row('client', 'open'), row('client', 'open'), row('source', 'open')];
  const missing = missingRows(connection, reported);
  expect(missing.map(({ type }) => type)).toEqual([...new Array(7).fill('source'), 'target', 'target']);
  expect(missing[0]).toEqual({
    type: 'source',
    client: 'unknown-client',
    status: 'failed',
    statusDetails: 'The <source> failed to report its status within the timeout.',
  });
  const mqtt = { ...connection, connectionType: 'mqtt-5', clientCount: 1 } as const;
  expect(missingRows(mqtt, []).filter(({ type }) => type === 'source')).toHaveLength(1);
  expect(missingRows({ ...connection, connectionStatus: 'closed' }, [])).toEqual([]);
});
