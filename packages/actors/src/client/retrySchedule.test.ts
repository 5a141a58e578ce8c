import { expect, test } from '@jest/globals';
import { RetrySchedule } from './retrySchedule.ts';

const limits = {
  connectingMinTimeoutMs: 50_000,
  connectingMaxTimeoutMs: 3_600_000,
  connectingMaxTries: 50,
  minBackoffMs: 5_000,
  maxBackoffMs: 3_600_000,
};

test('timeouts and pauses double up to their limits', () => {
  const schedule = new RetrySchedule(limits);
  expect(schedule.timeoutMs).toBe(50_000);
  expect([1, 2, 3].map(() => schedule.nextTimeout(0))).toEqual([100_000, 200_000, 400_000]);
  expect([1, 2, 3].map(() => schedule.nextBackoff(0))).toEqual([5_000, 10_000, 20_000]);
  for (let i = 0; i < 20; i++) schedule.nextBackoff(0);
  expect(schedule.nextBackoff(0)).toBe(3_600_000);
});

test('tries are counted by timeouts and end', () => {
  const schedule = new RetrySchedule({ ...limits, connectingMaxTries: 2 });
  schedule.nextBackoff(0);
  expect(schedule.canRetry).toBe(true);
  schedule.nextTimeout(0);
  schedule.nextTimeout(0);
  expect(schedule.canRetry).toBe(false);
  schedule.reset();
  expect(schedule.canRetry).toBe(true);
});

test('a long quiet time starts the sequences anew', () => {
  const schedule = new RetrySchedule(limits);
  schedule.nextBackoff(0);
  expect(schedule.nextBackoff(1_000)).toBe(10_000);
  expect(schedule.nextBackoff(1_000 + 2 * 7_200_000 + 1)).toBe(5_000);
});
