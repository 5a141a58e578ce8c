import { type JsonObject, parseAdaptable, signalFromAdaptable } from '@hawser/core';
import { sampleConnection, sampleSource, sampleTarget, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { defaultLogLimits, type LogLimits } from './logRing.ts';
import { LogTimings } from './logTimings.ts';
import { Monitor } from './monitor.ts';
import { throttleRule } from './throttling.ts';

function start(limits: Partial<LogLimits> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1, 12));
  return {
    clock,
    monitor: new Monitor({
      connectionId: 'c1',
      clock,
      limits: { ...defaultLogLimits, ...limits },
      publishLog: undefined,
      throttleRule: () => throttleRule(100),
    }),
  };
}

const messages = (logs: JsonObject): unknown[] =>
  (logs['connectionLogs'] as JsonObject[]).map(({ message }) => message);

test('the time of entries is noted, of one in many, when they are stored and when they are read', () => {
  const clock = new VirtualClock(0);
  const logTimings = new LogTimings(() => clock.monotonic());
  const monitors = ['c1', 'c2'].map(
    (connectionId) =>
      new Monitor({
        connectionId,
        clock,
        limits: { ...defaultLogLimits, successCapacity: 100 },
        publishLog: undefined,
        logTimings,
        throttleRule: () => throttleRule(100),
      }),
  );
  const counts = () =>
    [logTimings.stored, logTimings.prepared].map(({ timing }) => timing.counts.reduce((a, b) => a + b));
  for (const monitor of monitors) for (let i = 0; i < 61; i++) monitor.logConnection('success', 'muted');
  expect(counts()).toEqual([0, 0]);
  for (const monitor of monitors) monitor.enableLogs(1_000);
  for (const monitor of monitors) for (let i = 0; i < 61; i++) monitor.logConnection('success', 'x');
  expect(counts()).toEqual([2, 0]);
  for (const monitor of monitors) monitor.logs();
  expect(counts()).toEqual([2, 2]);
});

describe('metrics', () => {
  test('every address has all its counters from the start', () => {
    const { monitor } = start();
    monitor.initialise(
      sampleConnection({
        sources: [sampleSource({ addresses: ['a', 'b'] })],
        targets: [sampleTarget({ address: '' })],
      }),
    );
    const metrics = monitor.metrics() as { sourceMetrics: JsonObject; targetMetrics: JsonObject };
    const zero = { PT1M: 0, PT1H: 0, PT24H: 0, lastMessageAt: null };
    expect(Object.keys(metrics)).toEqual([
      'connectionMetrics',
      'containsFailures',
      'sourceMetrics',
      'targetMetrics',
    ]);
    expect(metrics.sourceMetrics['addressMetrics']).toMatchObject({
      a: { consumed: { success: zero } },
      b: {},
    });
    expect(Object.keys(metrics.targetMetrics['addressMetrics'] as JsonObject)).toEqual([
      '<empty>',
      '_responses',
    ]);
  });

  test('counts are summed over the addresses and show failures', () => {
    const { monitor } = start();
    monitor.inbound('consumed', 'a', true, 'x', undefined);
    monitor.inbound('consumed', 'b', true, 'x', undefined);
    expect(monitor.metrics()).toMatchObject({
      containsFailures: false,
      connectionMetrics: {
        inbound: { consumed: { success: { PT1M: 2, lastMessageAt: '2026-01-01T12:00:00Z' } } },
        outbound: null,
      },
      targetMetrics: { addressMetrics: null },
    });
    monitor.outbound('published', 't', false, 'x', undefined);
    expect(monitor.metrics()).toMatchObject({ containsFailures: true });
    monitor.resetMetrics();
    expect(monitor.metrics()).toMatchObject({
      containsFailures: false,
      connectionMetrics: {
        inbound: { consumed: { success: { PT1M: 0, lastMessageAt: '2026-01-01T12:00:00Z' } } },
      },
    });
  });
});

describe('logs', () => {
  test('muted at first: nothing is kept', () => {
    const { monitor } = start();
    monitor.logConnection('success', 'lost');
    expect(monitor.logs()).toEqual({ connectionLogs: [], enabledSince: null, enabledUntil: null });
  });

  test('enabled until a time, then cleared', () => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    monitor.logConnection('failure', 'broken');
    expect(monitor.logs()).toEqual({
      connectionLogs: [
        {
          correlationId: '<not-provided>',
          timestamp: '2026-01-01T12:00:00Z',
          category: 'connection',
          type: 'other',
          level: 'failure',
          message: 'broken',
        },
      ],
      enabledSince: '2026-01-01T12:00:00Z',
      enabledUntil: '2026-01-01T12:01:00Z',
    });
    clock.advance(60_000);
    expect(monitor.logs()).toEqual({ connectionLogs: [], enabledSince: null, enabledUntil: null });
  });

  test('each category, type, address and level keeps its newest entries', () => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    for (let n = 0; n < 25; n++) {
      clock.advance(1);
      monitor.inbound('consumed', 'a', true, `a${n}`, undefined);
      monitor.inbound('consumed', 'b', n < 1, `b${n}`, undefined);
    }
    expect(messages(monitor.logs()).filter((text) => String(text).startsWith('a'))).toEqual(
      Array.from({ length: 10 }, (_, i) => `a${15 + i}`),
    );
    expect(messages(monitor.logs())).toContain('b0');
    monitor.resetLogs();
    expect(messages(monitor.logs())).toEqual(['Successfully reset the logs.']);
  });

  test('an answer that is too long leaves out the oldest entries', () => {
    const { clock, monitor } = start({ maxLogSizeBytes: 500 });
    monitor.enableLogs(clock.now() + 60_000);
    for (let n = 0; n < 5; n++) {
      clock.advance(1);
      monitor.logConnection('success', `${n}`.repeat(100));
    }
    expect(messages(monitor.logs()).map((text) => String(text)[0])).toEqual(['3', '4']);
  });
});

describe('what an entry shows', () => {
  const message = (headers: Record<string, string>, rest: object = { text: '{"a":1}' }) => ({
    headers,
    ...rest,
  });
  const logged = (
    subject: Parameters<Monitor['inbound']>[4],
    metric: 'consumed' | 'dropped' = 'consumed',
  ) => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    monitor.inbound(metric, 'a', true, 'Received signal.', subject);
    return messages(monitor.logs())[0];
  };

  test('headers and payload by default, and secrets in headers never', () => {
    expect(logged(message({ k: 'v', Authorization: 'Basic abc', 'x-auth-token': 't', Cookie: 'c' }))).toBe(
      'Received signal. - Message headers: [k=v, Authorization=***, x-auth-token=***, Cookie=***] - Message payload: {"a":1}',
    );
  });

  test('secrets in the headers of a message that is a signal', () => {
    const adaptable = parseAdaptable({
      topic: 'ns/t/things/live/messages/m',
      headers: { 'content-type': 'text/plain', authorization: 'Bearer s3cret', 'x-api-key': 's3cret' },
      path: '/inbox/messages/m',
      value: 'on',
    });
    const text = logged(signalFromAdaptable(adaptable));
    expect(text).toContain('"payload":"on"');
    expect(text).toContain('"authorization":"***"');
    expect(text).not.toContain('s3cret');
  });

  test.each([
    ['HEADER', 'Received signal. - Message headers: [connectivity-debug-log=HEADER]'],
    [
      'PAYLOAD',
      'Received signal. - Message header keys: [connectivity-debug-log] - Message payload: {"a":1}',
    ],
    ['OFF', 'Received signal. - Message header keys: [connectivity-debug-log]'],
  ])('connectivity-debug-log %s', (level, expected) => {
    expect(logged(message({ 'connectivity-debug-log': level }))).toBe(expected);
  });

  test.each([
    [{ text: '' }, '<empty-text-payload>'],
    [{ bytes: new Uint8Array() }, '<empty-byte-payload>'],
    [{ bytes: new Uint8Array([1, 2]) }, 'AQI='],
    [{}, 'null'],
  ])('a payload of %j', (payload, expected) => {
    expect(logged(message({}, payload))).toBe(
      `Received signal. - Message headers: [] - Message payload: ${expected}`,
    );
  });

  test('loggers without debugging, and entries without a subject, show the text alone', () => {
    expect(logged(message({}), 'dropped')).toBe('Received signal.');
    expect(logged(undefined)).toBe('Received signal.');
  });

  test('the id of whoever sent it is found in any case', () => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    monitor.inbound('dropped', 'a', true, 'x', message({ 'Correlation-Id': 'abc' }));
    expect(monitor.logs()).toMatchObject({ connectionLogs: [{ correlationId: 'abc', address: 'a' }] });
  });

  test('a reset leaves one entry, with the id of the command and the connection', () => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    monitor.logConnection('failure', 'before');
    monitor.resetLogs('id-1');
    expect(monitor.logs()).toMatchObject({
      connectionLogs: [
        {
          correlationId: 'id-1',
          category: 'connection',
          type: 'other',
          level: 'success',
          message: 'Successfully reset the logs.',
          entityType: 'connection',
          entityId: 'c1',
        },
      ],
    });
  });

  test('an added entry keeps its own time and identity', () => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    const entry = {
      correlationId: 'x',
      timestamp: '2025-12-31T00:00:00Z',
      category: 'target',
      type: 'published',
      level: 'failure',
      message: 'added',
      address: 't',
      entityType: 'thing',
      entityId: 'a:b',
    };
    monitor.addLogEntry(entry);
    expect(monitor.logs()).toMatchObject({ connectionLogs: [entry] });
  });

  test('clients that start anew start with an empty log', () => {
    const { clock, monitor } = start();
    monitor.enableLogs(clock.now() + 60_000);
    monitor.logConnection('failure', 'before');
    monitor.initialise(sampleConnection({}));
    expect(monitor.logs()).toMatchObject({ connectionLogs: [], enabledSince: '2026-01-01T12:00:00Z' });
  });
});

describe('throttling', () => {
  const throttled = (monitor: Monitor) =>
    (monitor.metrics() as { sourceMetrics: { addressMetrics: Record<string, Record<string, JsonObject>> } })
      .sourceMetrics.addressMetrics['a']?.['throttled'];

  test('minutes in which a client has nearly all messages under way that it may', () => {
    const { clock, monitor } = start();
    monitor.initialise(sampleConnection({ sources: [sampleSource({ addresses: ['a'] })] }));
    monitor.enableLogs(clock.now() + 600_000);
    monitor.received('a', 95);
    expect(throttled(monitor)).toMatchObject({ failure: { PT1M: 0 } });
    for (let n = 0; n < 50; n++) monitor.received('a', 96);
    expect(throttled(monitor)).toMatchObject({
      success: { PT1M: 0 },
      failure: { PT1M: 1, PT1H: 1, PT24H: 1 },
    });
    expect(messages(monitor.logs())).toEqual([
      "Throttling event occurred for inbound throttled metric at address 'a'.",
    ]);
    clock.advance(60_000);
    monitor.received('a', 100);
    expect(throttled(monitor)).toMatchObject({ failure: { PT1M: 1, PT1H: 2, PT24H: 2 } });
    clock.advance(3_600_000);
    expect(throttled(monitor)).toMatchObject({ failure: { PT1M: 0, PT1H: 0, PT24H: 2 } });
    monitor.resetMetrics();
    expect(throttled(monitor)).toMatchObject({
      failure: { PT24H: 0, lastMessageAt: '2026-01-01T12:01:00Z' },
    });
  });

  test('more messages in ten seconds than the limit allows', () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1, 12));
    const monitor = new Monitor({
      connectionId: 'c1',
      clock,
      limits: defaultLogLimits,
      publishLog: undefined,
      throttleRule: () => throttleRule(100, { metric: 'consumed', perSecond: 1 }),
    });
    monitor.initialise(sampleConnection({ sources: [sampleSource({ addresses: ['a'] })] }));
    for (let n = 0; n < 9; n++) monitor.inbound('consumed', 'a', true, 'x', undefined);
    expect(throttled(monitor)).toMatchObject({ failure: { PT1M: 0 } });
    monitor.inbound('consumed', 'a', true, 'x', undefined);
    expect(throttled(monitor)).toMatchObject({ failure: { PT1M: 1 } });
  });
});

describe('beside the log', () => {
  test('tails see every call, muted or not, until they end', () => {
    const { monitor } = start();
    const seen: string[] = [];
    const end = monitor.tail({ call: ({ message }) => seen.push(message), ended: () => seen.push('ended') });
    monitor.logConnection('success', 'one');
    end();
    monitor.logConnection('success', 'two');
    monitor.endTails();
    expect(seen).toEqual(['one']);
    monitor.tail({ call: () => undefined, ended: () => seen.push('ended') });
    monitor.endTails();
    expect(seen).toEqual(['one', 'ended']);
  });

  test('totals go on through a reset', () => {
    const { monitor } = start();
    monitor.inbound('consumed', 'a', true, 'x', undefined);
    monitor.inbound('consumed', 'b', false, 'x', undefined);
    monitor.resetMetrics();
    expect(monitor.totals()).toContainEqual({
      direction: 'inbound',
      metric: 'consumed',
      success: 1,
      failure: 1,
    });
  });

  test('times of a message go into the bucket of their length', () => {
    const { clock, monitor } = start();
    const since = monitor.received('a', 1);
    expect(monitor.inFlight).toBe(1);
    clock.advance(7);
    monitor.settled('accepted', since);
    expect(monitor.inFlight).toBe(0);
    expect(monitor.timings.ackHandling.accepted.sum).toBeCloseTo(0.007);
  });
});
