import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { EventTime, FluentServer } from '@fluent-org/logger';
import { RecordingLog, realClock } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FluentdForwarder } from '../src/observe/fluentdForwarder.ts';
import { openForwardSession } from '../src/observe/forwardSender.ts';
import type { MessagePackWriter } from '../src/observe/messagePack.ts';
import { FluentReceiver, type Received, receiverMissing } from './fluentReceiver.ts';
import { until } from './hawserProcess.ts';

const missing = receiverMissing();
if (missing !== undefined && process.env['HAWSER_REQUIRE_SERVERS'] === '1') throw new Error(missing);
const describeWithReceiver = missing === undefined ? describe : describe.skip;

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function forwarderTo(port: number, options: { acknowledged?: boolean; maxBufferBytes?: number } = {}) {
  const log = new RecordingLog();
  const { acknowledged = true, maxBufferBytes = 1_000_000 } = options;
  const endpoint = { host: '127.0.0.1', port, tls: false, acknowledged };
  const forwarder = new FluentdForwarder({
    clock: realClock,
    log,
    open: () => openForwardSession(endpoint),
    limits: {
      maxBufferBytes,
      maxBatchBytes: 20_000,
      flushIntervalMs: 20,
      batchTimeoutMs: 500,
      minRetryMs: 50,
      maxRetryMs: 400,
    },
  });
  endings.push(() => forwarder.close(0));
  const encode = (writer: MessagePackWriter, n: number) => {
    writer.arrayHeader(2);
    writer.eventTime(1_700_000_000_123 + n);
    writer.value({ n, message: `entry ${n}`.padEnd(70) });
  };
  const add = (n: number, tag = 'connection:c1') => forwarder.add(tag, encode, n);
  return { forwarder, log, add };
}

async function listen(onSocket: (socket: Socket) => void, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const distinct = (numbers: readonly unknown[]) => [...new Set(numbers)].sort((a, b) => Number(a) - Number(b));

describe("the other client library's server", () => {
  test.each([true, false])(
    'gets every entry with its tag and time, acknowledged: %s',
    async (acknowledged) => {
      const server = new FluentServer({ listenOptions: { host: '127.0.0.1', port: 0 } });
      const entries: { tag: string; time: unknown; record: Record<string, unknown> }[] = [];
      server.on('entry', (tag: string, time: unknown, record: Record<string, unknown>) =>
        entries.push({ tag, time, record }),
      );
      await server.listen();
      endings.push(() => server.close());
      const { add, forwarder } = forwarderTo(server.port ?? 0, { acknowledged });
      for (const n of range(0, 2_000)) add(n, n % 2 === 0 ? 'connection:c1' : 'connection:c2');
      await until('all arrive', () => entries.length === 2_000, 20_000);
      expect(distinct(entries.map(({ record }) => record['n']))).toEqual(range(0, 2_000));
      const second = entries.find(({ record }) => record['n'] === 1);
      expect(second?.tag).toBe('connection:c2');
      expect(second?.time).toEqual(new EventTime(1_700_000_000, 124_000_000));
      await until('all are taken', () => forwarder.state.waiting === 0);
      expect(forwarder.state).toMatchObject({ sent: 2_000, dropped: 0 });
    },
  );
});

describeWithReceiver("the OpenTelemetry Collector's receiver", () => {
  test('acknowledges, is killed, frozen and restarted, and gets every entry', async () => {
    const port = await listen(() => undefined).then(async (free) => {
      await endings.pop()?.();
      return free;
    });
    const received: Received[] = [];
    let receiver = await FluentReceiver.start(port, received);
    endings.push(() => receiver.kill());
    const { add, forwarder, log } = forwarderTo(port);
    for (const n of range(0, 500)) add(n);
    await until('the first arrive', () => received.length >= 500, 20_000);
    const { time, attributes } = received[0] as Received;
    expect(Math.round(time / 1e6)).toBe(1_700_000_000_123);
    expect(attributes).toMatchObject({ n: 0, 'fluent.tag': 'connection:c1' });

    await receiver.kill();
    for (const n of range(500, 1_000)) add(n);
    await until('the failure is said', () => log.lines.some(({ level }) => level === 'warn'), 10_000);
    expect(forwarder.state.waiting).toBeGreaterThan(0);
    receiver = await FluentReceiver.start(port, received);
    await until('the rest arrives', () => forwarder.state.waiting === 0, 20_000);

    receiver.signal('SIGSTOP');
    for (const n of range(1_000, 1_500)) add(n);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(forwarder.state.waiting).toBeGreaterThan(0);
    receiver.signal('SIGCONT');
    await until('what was held up arrives', () => forwarder.state.waiting === 0, 20_000);
    await until(
      'it is printed',
      () => distinct(received.map((r) => r.attributes['n'])).length === 1_500,
      10_000,
    );
    expect(forwarder.state.dropped).toBe(0);
  });
});

describe('a receiver that misbehaves', () => {
  test.each([
    ['answers rubbish', (socket: Socket) => socket.on('data', () => socket.write(Buffer.alloc(9_000, 0xc1)))],
    ['answers a number', (socket: Socket) => socket.on('data', () => socket.write(Buffer.from([0x01])))],
    ['answers null', (socket: Socket) => socket.on('data', () => socket.write(Buffer.from([0xc0])))],
    [
      'acknowledges something else',
      (socket: Socket) => socket.on('data', () => socket.write('\x81\xa3ack\xa1x')),
    ],
    ['wants a shared key', (socket: Socket) => socket.write('\x92\xa4HELO\x80', 'latin1')],
    ['closes at once', (socket: Socket) => socket.end()],
    ['resets after it has read', (socket: Socket) => socket.on('data', () => socket.resetAndDestroy())],
    ['closes after it has read', (socket: Socket) => socket.on('data', () => socket.end())],
    ['reads nothing', (socket: Socket) => socket.pause()],
  ])('that %s takes nothing, costs the buffer and ends nothing', async (_name, behave) => {
    let sessions = 0;
    const port = await listen((socket) => {
      sessions++;
      behave(socket);
    });
    const { add, forwarder, log } = forwarderTo(port, { maxBufferBytes: 10_000 });
    for (const n of range(0, 500)) add(n);
    await until('it is tried again', () => sessions >= 3, 20_000);
    const { waiting, waitingBytes, sent, dropped } = forwarder.state;
    expect([waiting + dropped, sent]).toEqual([500, 0]);
    expect(waitingBytes).toBeLessThanOrEqual(10_000);
    expect(log.lines.map(({ message }) => message)).toContain('entries for Fluentd were dropped');
  });

  test('that wants a shared key is named, and gets nothing once that is known', async () => {
    const got: number[] = [];
    const port = await listen((socket) => {
      socket.write('\x92\xa4HELO\x80', 'latin1');
      got.push(0);
      const session = got.length - 1;
      socket.on('data', ({ length }) => {
        got[session] = (got[session] ?? 0) + length;
      });
    });
    const { add, forwarder, log } = forwarderTo(port, { acknowledged: false });
    add(1);
    await until('it asks', () => got.length > 0);
    await until('it is tried again', () => {
      if (forwarder.state.waiting === 0) add(2);
      return got.length > 3;
    });
    expect(got.slice(2).every((bytes) => bytes === 0)).toBe(true);
    expect(JSON.stringify(log.lines)).toContain('wants a shared key');
  });

  test('that is slow holds nobody up and gets everything', async () => {
    const seen: string[] = [];
    const port = await listen((socket) => {
      let rest = '';
      socket.on('data', (data) => {
        rest += data.toString('latin1');
        const chunk = /chunk.([A-Za-z0-9+/=]{24})/.exec(rest)?.[1];
        if (chunk === undefined) return;
        seen.push(...(rest.match(/entry \d+/g) ?? []));
        rest = '';
        setTimeout(() => socket.write(`\x81\xa3ack\xb8${chunk}`, 'latin1'), 200);
      });
    });
    const { add, forwarder } = forwarderTo(port);
    const startedAt = performance.now();
    for (const n of range(0, 1_000)) add(n);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await until('all are taken', () => forwarder.state.waiting === 0, 20_000);
    expect(new Set(seen).size).toBe(1_000);
  });
});
