import type { Voyage } from '@hawser/core';
import type { EntityTask } from './entityTask.ts';

/** A task that holds its source message until it has ended, whatever goes wrong with what it tells then. */
export function heldTask<S>(voyage: Voyage | undefined, task: EntityTask<S>): EntityTask<S> {
  voyage?.hold();
  const releasing =
    <A extends readonly unknown[]>(end: (...told: A) => void) =>
    (...told: A): void => {
      try {
        end(...told);
      } finally {
        voyage?.release();
      }
    };
  return { decide: task.decide, done: releasing(task.done), failed: releasing(task.failed) };
}
