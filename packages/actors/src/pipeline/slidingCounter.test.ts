import { expect, test } from '@jest/globals';
import { SlidingCounter } from './slidingCounter.ts';

const start = Date.UTC(2026, 0, 1);

test('a window holds its slots and forgets what has fallen out', () => {
  const counter = new SlidingCounter();
  counter.hit(start);
  counter.hit(start + 9_999);
  counter.hit(start + 10_000);
  expect(counter.counts(start + 10_000)).toEqual({ PT1M: 3, PT1H: 3, PT24H: 3 });
  expect(counter.counts(start + 59_999)).toEqual({ PT1M: 3, PT1H: 3, PT24H: 3 });
  expect(counter.counts(start + 60_000)).toEqual({ PT1M: 1, PT1H: 3, PT24H: 3 });
  expect(counter.counts(start + 3_600_000)).toEqual({ PT1M: 0, PT1H: 0, PT24H: 3 });
  expect(counter.counts(start + 24 * 3_600_000)).toEqual({ PT1M: 0, PT1H: 0, PT24H: 0 });
});

test('a reset clears the counts and not the time of the last event', () => {
  const counter = new SlidingCounter();
  counter.hit(start);
  counter.reset();
  expect(counter.counts(start)).toEqual({ PT1M: 0, PT1H: 0, PT24H: 0 });
  expect(counter.lastMs).toBe(start);
});

test('a clock that is set back counts on in the newest slot', () => {
  const counter = new SlidingCounter();
  counter.hit(start + 60_000);
  counter.hit(start);
  expect(counter.counts(start + 60_000).PT24H).toBe(2);
});
