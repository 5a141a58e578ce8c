import { turns, VirtualClock } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { RestartBackoff } from './restartBackoff.ts';
import { Throttle } from './throttle.ts';

/** How long a restart waits. */
async function pauseOf(backoff: RestartBackoff, clock: VirtualClock): Promise<number> {
  const began = clock.monotonic();
  let ended: number | undefined;
  void backoff.wait().then(() => {
    ended = clock.monotonic();
  });
  for (let ms = 0; ended === undefined && ms <= 100_000; ms += 10) {
    clock.advance(10);
    await turns();
  }
  backoff.restarted();
  return (ended ?? Number.NaN) - began;
}

test('restarts come slower each time, up to a limit, and sooner again after a longer run', async () => {
  const clock = new VirtualClock();
  const backoff = new RestartBackoff({ minMs: 100, maxMs: 1_000, randomFactor: 1 }, clock, () => 0);
  const pauses: number[] = [];
  for (let i = 0; i < 5; i++) pauses.push(await pauseOf(backoff, clock));
  expect(pauses).toEqual([100, 200, 400, 800, 1_000]);
  clock.advance(1_000);
  expect(await pauseOf(backoff, clock)).toBe(1_000);
  clock.advance(1_101);
  expect(await pauseOf(backoff, clock)).toBe(100);
});

test('chance makes a pause longer, never longer than the limit', async () => {
  const clock = new VirtualClock();
  const backoff = new RestartBackoff({ minMs: 100, maxMs: 300, randomFactor: 0.5 }, clock, () => 1);
  expect(await pauseOf(backoff, clock)).toBe(150);
  expect(await pauseOf(backoff, clock)).toBe(300);
  expect(await pauseOf(backoff, clock)).toBe(300);
});

test('a pause that is cancelled is over', async () => {
  const clock = new VirtualClock();
  const backoff = new RestartBackoff({ minMs: 100, maxMs: 300, randomFactor: 0 }, clock);
  const waiting = backoff.wait();
  backoff.cancel();
  await waiting;
  expect(clock.pendingTimers).toBe(0);
});

test('a throttle lets so many pass in an interval', () => {
  const clock = new VirtualClock();
  const throttle = new Throttle({ limit: 2, intervalMs: 100 }, clock);
  const take = (): boolean => {
    const may = throttle.mayPass();
    if (may) throttle.passed();
    return may;
  };
  expect([take(), take(), take()]).toEqual([true, true, false]);
  clock.advance(30);
  expect(throttle.waitMs(500)).toBe(70);
  expect(throttle.waitMs(20)).toBe(20);
  clock.advance(70);
  expect([take(), take(), take()]).toEqual([true, true, false]);
  expect(new Throttle(undefined, clock).mayPass()).toBe(true);
});
