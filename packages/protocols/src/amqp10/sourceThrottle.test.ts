import { VirtualClock } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { SourceThrottle } from './sourceThrottle.ts';

function throttle(limit: number, maxInFlight: number) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const subject = new SourceThrottle(
    { intervalMs: 1_000, limit, maxInFlight, redeliveryExpectationMs: 120_000 },
    clock,
    { stopped: (reason) => told.push(reason), lifted: () => told.push('lifted') },
  );
  return { clock, told, subject };
}

test('more messages than the limit stop a consumer until the next interval', () => {
  const { clock, told, subject } = throttle(2, 100);
  for (let n = 0; n < 3; n++) subject.received(`m${n}`);
  expect(told).toEqual(['excessive messaging']);
  expect(subject.isStopped).toBe(true);
  clock.advance(1_000);
  expect(told).toEqual(['excessive messaging', 'lifted']);
});

test('what was taken in beyond the limit counts in the next intervals', () => {
  const { clock, told, subject } = throttle(2, 100);
  for (let n = 0; n < 6; n++) subject.received(`m${n}`);
  clock.advance(1_000);
  expect(subject.isStopped).toBe(true);
  clock.advance(1_000);
  expect(told).toEqual(['excessive messaging', 'lifted']);
});

test('too much under way stops it, and messages that are expected again count', () => {
  const { clock, told, subject } = throttle(100, 2);
  for (let n = 0; n < 3; n++) subject.received(`m${n}`);
  expect(told).toEqual(['too many unacknowledged commands']);
  for (let n = 0; n < 3; n++) subject.settled(`m${n}`, 'redeliver');
  clock.advance(1_000);
  expect(subject.isStopped).toBe(true);
  clock.advance(120_000);
  expect(told.at(-1)).toBe('lifted');
});

test('both reasons are told together', () => {
  const { told, subject } = throttle(2, 1);
  subject.received('a');
  subject.settled('a', 'redeliver');
  subject.received('b');
  subject.received('c');
  expect(told).toEqual(['too many unacknowledged commands']);
  const both = throttle(1, 1);
  both.subject.received('a');
  both.subject.received('b');
  expect(both.told).toEqual(['excessive messaging and too many unacknowledged commands']);
});

test('nothing is told after the end', () => {
  const { clock, told, subject } = throttle(1, 100);
  subject.received('a');
  subject.received('b');
  subject.stop();
  clock.advance(10_000);
  expect(told).toEqual(['excessive messaging']);
});
