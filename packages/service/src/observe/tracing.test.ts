import { RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { createTracing } from './tracing.ts';

interface Exported {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number; readonly message?: string };
}

function start(send: () => Promise<void> = async () => undefined, ratio = 1) {
  const clock = new VirtualClock(1_000);
  const log = new RecordingLog();
  const sent: Exported[][] = [];
  const tracing = createTracing({
    clock,
    log,
    serviceName: 'hawser',
    instance: 'host-1',
    ratio,
    maxSpans: 10,
    send: async (body) => {
      await send();
      const [resource] = (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Exported[] }[] }[] })
        .resourceSpans;
      sent.push(resource?.scopeSpans[0]?.spans ?? []);
    },
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await turns();
  };
  return { clock, log, sent, tracing, pass };
}

describe('tracing', () => {
  test('a stage belongs to the trace of the message, and the next one to the stage', async () => {
    const { tracing, clock, sent, pass } = start();
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const first = tracing.tracer.start('one', parent, { k: 'v', n: 1 });
    expect(first.traceparent).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
    clock.advance(5);
    tracing.tracer.start('two', first.traceparent, {}).end(new Error('broken'));
    first.end();
    await pass(1_000);
    const [[two, one] = []] = sent;
    expect(one).toMatchObject({ name: 'one', parentSpanId: 'b'.repeat(16), status: { code: 1 } });
    expect(two).toMatchObject({
      traceId: 'a'.repeat(32),
      parentSpanId: one?.spanId,
      status: { code: 2, message: 'broken' },
    });
    expect(BigInt(one?.endTimeUnixNano ?? 0) - BigInt(one?.startTimeUnixNano ?? 0)).toBe(5_000_000n);
  });

  test.each([undefined, 'rubbish', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'a'.repeat(32)}-x-01`])(
    'a message with the trace context %s begins a trace',
    (parent) => {
      const { traceparent } = start().tracing.tracer.start('one', parent, {});
      expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    },
  );

  test('what is not sampled is carried on and not sent', async () => {
    const { tracing, sent, pass } = start(undefined, 0);
    const root = tracing.tracer.start('one', undefined, {});
    expect(root.traceparent).toMatch(/-00$/);
    tracing.tracer.start('two', root.traceparent, {}).end();
    root.end();
    tracing.tracer.start('three', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, {}).end();
    await pass(1_000);
    expect(sent.flat().map(({ name }) => name)).toEqual(['three']);
  });

  test('a collector that is down costs a bounded number of spans, and is told of them no more', async () => {
    let isUp = false;
    const { tracing, sent, pass, log } = start(async () => {
      if (!isUp) throw new Error('refused');
    });
    for (let n = 0; n < 25; n++) tracing.tracer.start(`${n}`, undefined, {}).end();
    await pass(1_000);
    expect(log.lines.map(({ message }) => message)).toContain('spans were dropped');
    isUp = true;
    for (let n = 25; n < 28; n++) tracing.tracer.start(`${n}`, undefined, {}).end();
    await tracing.close();
    expect(sent.flat().map(({ name }) => name)).toEqual(['25', '26', '27']);
  });
});
