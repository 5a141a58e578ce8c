import { RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { FluentdForwarder, type ForwarderLimits } from './fluentdForwarder.ts';

const limits: ForwarderLimits = {
  maxBufferBytes: 1_000,
  maxBatchBytes: 300,
  flushIntervalMs: 600,
  batchTimeoutMs: 5_000,
  minRetryMs: 400,
  maxRetryMs: 30_000,
};

/** A receiver that takes, refuses or hangs. */
function start(mode: { is: 'up' | 'down' | 'hanging' }, given: Partial<ForwarderLimits> = {}) {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const taken: (readonly [string, unknown])[] = [];
  let opened = 0;
  let ended = 0;
  const forwarder = new FluentdForwarder({
    limits: { ...limits, ...given },
    clock,
    log,
    open: () => {
      opened++;
      return {
        send: (tag: string, entries: Buffer) => {
          if (mode.is === 'hanging') return new Promise<void>(() => undefined);
          if (mode.is === 'down') return Promise.reject(new Error('refused'));
          for (let at = 0; at < entries.length; at += 100) taken.push([tag, entries.readUInt32BE(at)]);
          return Promise.resolve();
        },
        end: () => {
          ended++;
        },
      };
    },
  });
  const add = (n: number, tag = 't') => {
    const entry = Buffer.alloc(100);
    entry.writeUInt32BE(n);
    forwarder.add(tag, (writer) => writer.raw(entry), undefined);
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await turns();
  };
  return { clock, log, taken, forwarder, add, pass, counts: () => ({ opened, ended }) };
}

describe('the buffer before Fluentd', () => {
  test('sends what has gathered, by tag and in order', async () => {
    const { add, pass, taken, forwarder } = start({ is: 'up' });
    add(1);
    add(2, 'other');
    add(3);
    expect(taken).toEqual([]);
    await pass(600);
    expect(taken).toEqual([
      ['t', 1],
      ['t', 3],
      ['other', 2],
    ]);
    expect(forwarder.state).toMatchObject({ waiting: 0, waitingBytes: 0, sent: 3, dropped: 0 });
  });

  test('a receiver that is down for an hour costs the buffer and no more, and gets what waits when it is back', async () => {
    const mode = { is: 'down' as 'up' | 'down' };
    const { add, pass, taken, forwarder, log, counts } = start(mode);
    for (let second = 0; second < 3_600; second++) {
      add(second);
      await pass(1_000);
    }
    expect(forwarder.state).toMatchObject({ waiting: 10, waitingBytes: 1_000, dropped: 3_590 });
    expect(counts().opened).toBeLessThan(200);
    const said = log.lines.filter(({ message }) => message === 'entries for Fluentd were dropped');
    expect(said.length).toBeGreaterThan(1);
    expect(said.length).toBeLessThan(400);
    mode.is = 'up';
    for (let i = 0; i < 60; i++) await pass(1_000);
    expect(taken.map(([, n]) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(log.lines.map(({ message }) => message)).toContain('the Fluentd receiver takes entries again');
  });

  test('what fills a batch goes at once, and a backlog goes without pauses', async () => {
    const { add, pass, taken } = start({ is: 'up' });
    for (let n = 0; n < 10; n++) add(n);
    for (let i = 0; i < 3; i++) await pass(0);
    expect(taken.length).toBeGreaterThanOrEqual(8);
    await pass(600);
    expect(taken).toHaveLength(10);
  });

  test('a receiver that hangs is left after a time and tried again', async () => {
    const mode = { is: 'hanging' as 'up' | 'hanging' };
    const { add, pass, taken, counts } = start(mode);
    add(1);
    await pass(600);
    await pass(5_000);
    expect(counts()).toEqual({ opened: 1, ended: 1 });
    mode.is = 'up';
    await pass(400);
    expect(taken).toEqual([['t', 1]]);
  });

  test('the end waits for what is left, for a time', async () => {
    const up = start({ is: 'up' });
    up.add(1);
    const closed = up.forwarder.close(5_000);
    await up.pass(0);
    await closed;
    expect(up.taken).toEqual([['t', 1]]);

    const down = start({ is: 'hanging' });
    down.add(1);
    const given = down.forwarder.close(5_000);
    await down.pass(5_000);
    await given;
    expect(down.forwarder.state).toMatchObject({ waiting: 0, dropped: 1 });
    expect(down.log.lines.map(({ message }) => message)).toContain('entries for Fluentd were dropped');
    down.add(2);
    expect(down.forwarder.state).toMatchObject({ waiting: 0, dropped: 2 });
  });
});
