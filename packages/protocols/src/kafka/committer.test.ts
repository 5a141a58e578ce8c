import { silentLog, turns, VirtualClock } from '@hawser/testkit';
import { beforeEach, expect, test } from '@jest/globals';
import { Assignment } from './assignment.ts';
import { Committer } from './committer.ts';

let clock: VirtualClock;
let committer: Committer;
let assignment: Assignment;
let written: number[];
let answer: () => Promise<void>;

beforeEach(() => {
  clock = new VirtualClock();
  written = [];
  answer = async () => {};
  committer = new Committer({
    consumer: { commitOffsets: async () => {} },
    topic: 't',
    clock,
    log: silentLog,
    isEnabled: true,
    maxBatch: 10,
    maxIntervalMs: 1_000,
  });
  committer.commitWith((offsets) => {
    written.push(Number(offsets?.topics[0]?.partitions[0]?.offset));
    return answer();
  });
  assignment = new Assignment([0]);
  assignment.begin([{ partition: 0, offset: 0 }]);
  committer.follow(assignment);
});

let next = 0;
beforeEach(() => {
  next = 0;
});
function settle(count: number): void {
  for (let i = 0; i < count; i++) {
    assignment.settle(0, assignment.deliver(0, next++));
    committer.progressed();
  }
}

test('so many are committed at once, the others after a time', async () => {
  settle(9);
  await turns();
  expect(written).toEqual([]);
  settle(1);
  await turns();
  expect(written).toEqual([10]);
  settle(1);
  clock.advance(1_000);
  await turns();
  expect(written).toEqual([10, 11]);
  clock.advance(10_000);
  expect(clock.pendingTimers).toBe(0);
});

test('one request is under way at a time; what was settled meanwhile follows', async () => {
  let done: () => void = () => {};
  answer = () =>
    new Promise((resolve) => {
      done = resolve;
    });
  settle(35);
  expect(written).toEqual([10]);
  done();
  await turns();
  expect(written).toEqual([10, 35]);
});

test('what fails is tried again after a time, and not before', async () => {
  answer = () => Promise.reject(new Error('REBALANCE_IN_PROGRESS'));
  settle(12);
  await turns();
  const tries = written.length;
  expect(tries).toBeLessThan(4);
  await turns();
  expect(written).toHaveLength(tries);
  answer = async () => {};
  clock.advance(1_000);
  await turns();
  expect(written.at(-1)).toBe(12);
  expect(assignment.uncommitted).toBe(0);
});

test('nothing of partitions that are no longer ours', async () => {
  settle(5);
  assignment.end();
  await committer.commit();
  clock.advance(1_000);
  await turns();
  expect(written).toEqual([]);
  // unless it is known that nobody else can have them
  await committer.commit(assignment, () => true);
  expect(written).toEqual([5]);
});

test('a closed one leaves no timer behind', async () => {
  settle(3);
  committer.close();
  expect(clock.pendingTimers).toBe(0);
});
