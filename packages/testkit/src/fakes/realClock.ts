import type { Clock } from '@hawser/core';

/** The machine's clocks, for tests that run against a real disk or server. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, Math.ceil(delayMs)).unref();
    return () => {
      // as in the clock of the service: an unreferenced timer would leave its list behind
      timer.ref();
      clearTimeout(timer);
    };
  },
};
