import type { AskedCommand, CommandAnswer, Step, StepOutcome } from '@hawser/core';
import type { ReplyTo } from '../nact/actorRef.ts';

/** A command with whoever waits for its answer; nobody does after a recovery. */
export interface Plan {
  readonly asked: AskedCommand;
  readonly replyTo: ReplyTo<CommandAnswer> | undefined;
}

/** What the mailbox of a connection carries: commands and the outcomes of effects, never a broker message. */
export type ConnectionMessage =
  | ({ readonly do: 'command' } & Plan)
  | {
      readonly do: 'stepEnded';
      readonly plan: Plan;
      readonly step: Step;
      readonly remaining: readonly Step[];
      readonly outcome: StepOutcome;
      readonly life: number;
    }
  /** The facts that a command's validation needs are known. */
  | { readonly do: 'prepared'; readonly plan: Plan; readonly facts: unknown; readonly life: number }
  /** The pace of reopening allows this connection to open its clients. */
  | { readonly do: 'reopen'; readonly life: number }
  /** From the sweep that reopens. `isTagged`: the newest event says that the connection should be open. */
  | { readonly do: 'ping'; readonly isTagged: boolean }
  | { readonly do: 'updatePriority'; readonly priority: number };
