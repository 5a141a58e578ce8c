import type { LogCall } from '@hawser/actors';
import { RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { FluentdForwarder } from './fluentdForwarder.ts';
import type { ForwardEntry } from './forwardSender.ts';
import { createLogPublisher, type LogPublisherOptions } from './logPublisher.ts';

const call: LogCall = {
  kind: { category: 'source', type: 'consumed', level: 'success', address: 'a' },
  message: 'Received signal.',
  identity: undefined,
  subject: { headers: { 'correlation-id': 'id' }, text: 'x' },
  atMs: 1_500,
};

async function published(given: Partial<LogPublisherOptions>, calls: readonly LogCall[]) {
  const clock = new VirtualClock();
  const sent: (readonly [string, ForwardEntry])[] = [];
  const forwarder = new FluentdForwarder({
    clock,
    log: new RecordingLog(),
    limits: {
      maxBufferBytes: 10_000,
      maxBatchBytes: 10_000,
      flushIntervalMs: 1,
      batchTimeoutMs: 1_000,
      minRetryMs: 1,
      maxRetryMs: 1,
    },
    open: () => ({
      send: async (tag, entries) => void sent.push(...entries.map((entry) => [tag, entry] as const)),
      end: () => undefined,
    }),
  });
  const publish = createLogPublisher({
    forwarder,
    tag: '',
    levels: ['success', 'failure'],
    withContext: false,
    instanceId: 'host-1',
    additional: {},
    ...given,
  });
  for (const each of calls) publish('c1', each);
  clock.advance(1);
  await turns();
  return sent;
}

describe('entries for Fluentd', () => {
  test('have all keys in order, the generic text, and the tag of their connection', async () => {
    const [[tag, entry] = []] = await published({}, [call]);
    expect(tag).toBe('connection:c1');
    expect(JSON.stringify(entry?.record)).toBe(
      '{"connectionId":"c1","level":"success","category":"source","type":"consumed","correlationId":"id","address":"a","message":"Message was consumed","instanceId":"host-1"}',
    );
    expect(entry?.atMs).toBe(1_500);
  });

  test('show headers and payload when that is on, and what is configured over their own keys', async () => {
    const additional = { level: 'mine', extra: { n: 1 } };
    const [[tag, entry] = []] = await published({ withContext: true, tag: 'hawser', additional }, [
      { ...call, kind: { ...call.kind, type: 'dropped' } },
    ]);
    expect(tag).toBe('hawser');
    expect(entry?.record).toMatchObject({
      level: 'mine',
      extra: { n: 1 },
      message: 'Received signal. - Message headers: [correlation-id=id] - Message payload: x',
    });
  });

  test('of other levels stay away, and an added entry keeps its text', async () => {
    const identity = { correlationId: '<not-provided>', entityType: 'thing', entityId: 'a:b' };
    const failure: LogCall = {
      ...call,
      kind: { ...call.kind, level: 'failure' },
      subject: undefined,
      identity,
    };
    const sent = await published({ levels: ['failure', 'unknown'] }, [call, failure]);
    expect(sent.map(([, { record }]) => record)).toEqual([
      {
        connectionId: 'c1',
        level: 'failure',
        category: 'source',
        type: 'consumed',
        address: 'a',
        entityType: 'thing',
        entityId: 'a:b',
        message: 'Received signal.',
        instanceId: 'host-1',
      },
    ]);
  });
});
