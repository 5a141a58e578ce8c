import { connectionFailed } from '../errors/connectivityErrors.ts';
import { DittoError } from '../errors/dittoError.ts';
import { testSucceeded } from './answers.ts';
import { type AskedCommand, entityIdOf } from './command.ts';
import { type ConnectionState, isDesiredOpen } from './state.ts';
import type { Decision, Step } from './steps.ts';

/** How a step that clients carry out has ended. `text`: the result of a test. */
export type StepOutcome = { readonly text?: string } | { readonly error: unknown };

export interface AfterStep {
  /** What is still to do. */
  readonly steps: readonly Step[];
  /** Answers the asker in place of the response. */
  readonly failure?: DittoError | undefined;
  /** Text for the connection's log. */
  readonly logged?: string | undefined;
}

/**
 * What remains of a plan when its client step has ended
 * (connectivity/service/.../persistence/ConnectionPersistenceActor.java, `interpretStagedCommand`).
 * A failure drops the remaining steps, save that of an open which ignores errors, and of a test, which is the answer.
 */
export function afterStep(
  asked: AskedCommand,
  step: Step,
  remaining: readonly Step[],
  outcome: StepOutcome,
): AfterStep {
  if (!('error' in outcome)) {
    if (step.do !== 'testClient') return { steps: remaining };
    const answer = testSucceeded(asked, outcome.text ?? '');
    return { steps: remaining.map((next) => (next.do === 'reply' ? { do: 'reply', answer } : next)) };
  }
  const failure = asConnectionError(entityIdOf(asked.command), outcome.error);
  switch (step.do) {
    case 'testClient':
      return { failure, steps: remaining.filter((next) => next.do !== 'reply') };
    case 'closeClients':
      return { failure, logged: failedOperation('disconnect', failure), steps: [{ do: 'stopClients' }] };
    default: {
      const logged = failedOperation('open-connection', failure);
      const isIgnored = step.do === 'openClients' && step.onError === 'ignore';
      return isIgnored ? { logged, steps: remaining } : { logged, failure, steps: [] };
    }
  }
}

/** Entry of a connection's log for an action or a command that failed. */
export const failedOperation = (action: string, error: DittoError): string =>
  `Operation ${action} failed due to ${error.message}`;

/** Ditto errors as they are, anything else as `connectivity:connection.failed` with its text as description. */
export function asConnectionError(connectionId: string, error: unknown): DittoError {
  if (error instanceof DittoError) return error;
  return connectionFailed(connectionId, error instanceof Error ? error.message : String(error), error);
}

/** What an actor does when it has read its journal. Nobody waits for the outcome; a failure is logged. */
export function decideRecovered(state: ConnectionState): Decision {
  const steps: readonly Step[] = isDesiredOpen(state)
    ? [{ do: 'openClients', onError: 'report' }, { do: 'updateSubscriptions' }]
    : [];
  return { isStaged: true, steps };
}
