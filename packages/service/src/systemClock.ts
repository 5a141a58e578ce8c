import type { Clock } from '@hawser/core';

/** The one place that reads the machine's clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, task) => {
    // setTimeout fires at once beyond 2^31 - 1 ms
    const timer = setTimeout(task, Math.min(Math.ceil(delayMs), 2 ** 31 - 1));
    timer.unref();
    return () => {
      // Node drops the list of a cancelled timer's delay only when the timer was referenced and its delay whole: others
      // would stay until they were due, one for each delay that differs
      timer.ref();
      clearTimeout(timer);
    };
  },
};
