import { VirtualClock } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { ReadingGate } from './readingGate.ts';

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A gate for two messages, and a broker that sends without end as long as it is read. */
function harbour(maxInFlight = 2) {
  const clock = new VirtualClock();
  const broker = { isAwaited: false, bytes: 1, sent: 0 };
  const gate = new ReadingGate({ clock, maxInFlight, isAwaiting: () => broker.isAwaited });
  const read = (): void => {
    // more than any step lets in
    if (broker.sent === 1_000) return;
    broker.sent++;
    gate.received(broker.bytes);
    gate.pass(read);
  };
  read();
  const wait = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await immediate();
  };
  return { broker, gate, wait };
}

test('reading pauses beyond the limit, and goes on when enough is settled', async () => {
  const { broker, gate, wait } = harbour();
  expect(broker.sent).toBe(3);
  expect(gate.isPaused).toBe(true);
  await wait(10_000);
  expect(broker.sent).toBe(3);
  gate.settled(1);
  await immediate();
  expect(broker.sent).toBe(4);
  expect(gate.isPaused).toBe(true);
});

test('while an answer is awaited and nothing moves, a few more come in at a time', async () => {
  const { broker, wait } = harbour();
  broker.isAwaited = true;
  await wait(249);
  expect(broker.sent).toBe(3);
  await wait(1);
  expect(broker.sent).toBe(6);
  await wait(250);
  expect(broker.sent).toBe(9);
  broker.isAwaited = false;
  await wait(10_000);
  expect(broker.sent).toBe(9);
});

test('what is settled meanwhile shows that nothing stalls', async () => {
  const { broker, gate, wait } = harbour();
  broker.isAwaited = true;
  await wait(250);
  await wait(200);
  gate.settled(1);
  await wait(50);
  expect(broker.sent).toBe(6);
  await wait(250);
  expect(broker.sent).toBe(9);
});

test('there is an end to what is let in', async () => {
  const { broker, gate, wait } = harbour();
  broker.isAwaited = true;
  gate.received(64 * 1024 * 1024);
  await wait(10_000);
  expect(broker.sent).toBe(3);
});

test('once it is closed nothing is read, and no timer is left', async () => {
  const { broker, gate, wait } = harbour();
  broker.isAwaited = true;
  gate.close();
  await wait(10_000);
  gate.settled(1);
  gate.settled(1);
  await immediate();
  expect(broker.sent).toBe(3);
});
