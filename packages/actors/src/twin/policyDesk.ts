import {
  andThen,
  authorizePolicySignal,
  type Clock,
  compilePolicy,
  decidePolicy,
  implicitPolicyCreate,
  isJsonObject,
  type MaybePromise,
  type PolicyEnforcer,
  type PolicyState,
  restrictResponse,
  type Signal,
  type SignalSender,
  type TwinDecision,
} from '@hawser/core';
import type { Enforcers } from './enforcers.ts';
import type { Entities } from './entities.ts';
import { heldTask } from './heldTask.ts';
import { instantOf } from './instantOf.ts';
import { subjectsOf } from './subjects.ts';

export interface PolicyDeskOptions {
  readonly policies: Entities<PolicyState>;
  readonly enforcers: Enforcers;
  readonly isEnforced: boolean;
  readonly clock: Clock;
}

/** Takes commands on policies. Their events leave by no connection. */
export class PolicyDesk {
  readonly #options: PolicyDeskOptions;

  constructor(options: PolicyDeskOptions) {
    this.#options = options;
  }

  submit(command: Signal, sender: SignalSender): void {
    const task = heldTask(command, sender, (state: PolicyState) =>
      andThen(this.#decide(command, state), ({ event, response }) => ({
        event,
        done: () => sender.reply?.(response),
      })),
    );
    this.#options.policies.run(command.entityId ?? '', task);
  }

  #decide(command: Signal, state: PolicyState): MaybePromise<TwinDecision> {
    const { isEnforced, clock } = this.#options;
    const subjects = isEnforced ? subjectsOf(command) : undefined;
    const now = instantOf(clock);
    if (subjects === undefined) return decidePolicy(command, state, now);
    const meant = implicitPolicyCreate(command, state);
    return andThen(this.#enforcerOf(meant, state), (enforcer) => {
      authorizePolicySignal(meant, enforcer, subjects);
      const { event, response } = decidePolicy(meant, state, now);
      return { event, response: restrictResponse(response, enforcer, subjects) };
    });
  }

  /** Of a policy that is created the new one is asked. */
  #enforcerOf({ category, adaptable: { value } }: Signal, state: PolicyState): MaybePromise<PolicyEnforcer> {
    return state.lifecycle !== 'active' && category === 'CREATE' && isJsonObject(value)
      ? compilePolicy(value)
      : this.#options.enforcers.ofState(state);
  }
}
