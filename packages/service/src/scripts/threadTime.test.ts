import { expect, test } from '@jest/globals';
import { ownThreadId, ownThreadTime, threadTime } from './threadTime.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'a thread that waits uses no time, one that works does, seen from inside and outside alike',
  async () => {
    const own = ownThreadTime();
    if (own === undefined) throw new Error('no /proc/thread-self/schedstat');
    const before = own();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    const waited = own() - before;
    const until = own() + 30;
    let n = 0;
    while (own() < until) n++;
    expect(n).toBeGreaterThan(0);
    expect(waited).toBeLessThan(90);
    expect(threadTime(ownThreadId())).toBeGreaterThanOrEqual(until);
  },
);

test('of a thread that is not there nothing is told', () => {
  expect(threadTime(0)).toBeUndefined();
});
