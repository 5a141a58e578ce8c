import { andThen, type MaybePromise, type Signal, type SignalSender } from '@hawser/core';
import type { EntityDecision, EntityTask } from './entityTask.ts';
import { failureOf, refuse } from './twinErrors.ts';

/**
 * What a signal asks of its entity: the source message is held until it has ended, whatever goes wrong with what is told
 * then, and the sender is told why when it fails.
 */
export function heldTask<S>(
  signal: Signal,
  sender: SignalSender,
  decide: (state: S) => MaybePromise<EntityDecision>,
): EntityTask<S> {
  const { voyage } = sender;
  voyage?.hold();
  const end = (tell: () => void): void => {
    try {
      tell();
    } finally {
      voyage?.release();
    }
  };
  return {
    decide: (state) => andThen(decide(state), ({ event, done }) => ({ event, done: () => end(done) })),
    failed: (error) => end(() => refuse(signal, sender, failureOf(signal, error))),
  };
}
