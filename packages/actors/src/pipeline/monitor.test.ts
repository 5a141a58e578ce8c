import type { JsonObject } from '@hawser/core';
import { sampleConnection, sampleSource, sampleTarget, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { defaultLogLimits, type LogLimits } from './logRing.ts';
import { Monitor } from './monitor.ts';

function start(limits: Partial<LogLimits> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1, 12));
  return {
    clock,
    monitor: new Monitor({ clock, limits: { ...defaultLogLimits, ...limits }, publish: undefined }),
  };
}

const messages = (logs: JsonObject): unknown[] =>
  (logs['connectionLogs'] as JsonObject[]).map(({ message }) => message);

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
    expect(messages(monitor.logs())).toEqual([]);
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
