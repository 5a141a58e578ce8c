import { type Clock, StoreError } from '@hawser/core';
import { expect, test } from '@jest/globals';
import { CircuitBreaker, type Deadline } from './circuitBreaker.ts';

/** A clock that stands until it is moved. */
class ManualClock implements Clock {
  #now = 0;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];
  now = (): number => this.#now;
  monotonic = (): number => this.#now;
  after(delayMs: number, task: () => void): () => void {
    const entry = { at: this.#now + delayMs, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }
  move(ms: number): void {
    this.#now += ms;
    const due = this.#tasks.filter(({ at }) => at <= this.#now);
    this.#tasks = this.#tasks.filter(({ at }) => at > this.#now);
    for (const { task } of due) task();
  }
}

const settings = { maxFailures: 3, callTimeoutMs: 5_000, resetTimeoutMs: 3_000 };
const fail = async (): Promise<never> => {
  throw new StoreError('unavailable', 'down');
};
const open = { reason: 'unavailable', message: expect.stringContaining('circuit breaker is open') };

async function broken(): Promise<{ breaker: CircuitBreaker; clock: ManualClock }> {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker(settings, clock);
  for (let i = 0; i < settings.maxFailures; i++)
    await expect(breaker.run(fail)).rejects.toMatchObject({ message: 'down' });
  return { breaker, clock };
}

test('calls are refused at once after failures in a row, without being made', async () => {
  const { breaker } = await broken();
  let calls = 0;
  await expect(
    breaker.run(async () => {
      calls++;
    }),
  ).rejects.toMatchObject(open);
  expect(calls).toBe(0);
});

test('a success between failures starts the count anew, and so does a refusal that the server gave', async () => {
  const breaker = new CircuitBreaker(settings, new ManualClock());
  const duplicate = async (): Promise<never> => {
    throw new StoreError('duplicate', 'taken');
  };
  for (const good of [async () => 1, duplicate]) {
    await breaker.run(fail).catch(() => {});
    await breaker.run(fail).catch(() => {});
    await breaker.run<unknown>(good).catch(() => {});
  }
  expect(await breaker.run(async () => 'through')).toBe('through');
});

test('after the reset time one trial is let through, and its success closes the breaker', async () => {
  const { breaker, clock } = await broken();
  clock.move(settings.resetTimeoutMs);
  let finish: (value: string) => void = () => {};
  const trial = breaker.run(() => new Promise<string>((resolve) => (finish = resolve)));
  await expect(breaker.run(async () => 1)).rejects.toMatchObject(open);
  finish('up');
  expect(await trial).toBe('up');
  expect(await breaker.run(async () => 2)).toBe(2);
});

test('a failed trial opens the breaker for another reset time', async () => {
  const { breaker, clock } = await broken();
  clock.move(settings.resetTimeoutMs);
  await expect(breaker.run(fail)).rejects.toMatchObject({ message: 'down' });
  clock.move(settings.resetTimeoutMs - 1);
  await expect(breaker.run(async () => 1)).rejects.toMatchObject(open);
  clock.move(1);
  expect(await breaker.run(async () => 1)).toBe(1);
});

test('a call that takes too long has failed, and learns that nobody waits any more', async () => {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker(settings, clock);
  let seen: Deadline = { isOver: () => false };
  const call = breaker.run((deadline) => {
    seen = deadline;
    return new Promise<void>(() => {});
  });
  expect(seen.isOver()).toBe(false);
  clock.move(settings.callTimeoutMs);
  await expect(call).rejects.toMatchObject({
    reason: 'unavailable',
    message: expect.stringContaining('5000 ms'),
  });
  expect(seen.isOver()).toBe(true);
});
