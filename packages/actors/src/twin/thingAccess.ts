import {
  andThen,
  authorizeThingSignal,
  type MaybePromise,
  type PolicyEnforcer,
  type ReadableThing,
  readableThing,
  readersOf,
  restrictEvent,
  type Signal,
  type SignalSender,
  type ThingState,
} from '@hawser/core';
import type { Enforcers } from './enforcers.ts';
import type { Entities } from './entities.ts';
import type { EntityTask } from './entityTask.ts';
import { heldTask } from './heldTask.ts';
import type { Readers } from './signalRouter.ts';
import { subjectsOf } from './subjects.ts';

export interface ThingAccessOptions {
  readonly things: Entities<ThingState>;
  readonly enforcers: Enforcers;
  /** False: every subject may do everything. */
  readonly isEnforced: boolean;
}

/** The way to things, past the policies that they have. */
export class ThingAccess {
  readonly #options: ThingAccessOptions;

  constructor(options: ThingAccessOptions) {
    this.#options = options;
  }

  /** In the turn of the signal's thing. The source message is held until its journal, and whatever follows from it, has it. */
  run(signal: Signal, sender: SignalSender, decide: EntityTask<ThingState>['decide']): void {
    this.#options.things.run(signal.entityId ?? '', heldTask(signal, sender, decide));
  }

  /**
   * The policy that was asked whether the sender may do this; undefined when none is asked.
   *
   * @throws DittoError when it says no
   */
  authorized(signal: Signal, state: ThingState): MaybePromise<PolicyEnforcer | undefined> {
    if (!this.#options.isEnforced || state.lifecycle !== 'active') return undefined;
    const subjects = subjectsOf(signal);
    return andThen(this.#enforcerOf(state), (enforcer) => {
      if (subjects !== undefined) authorizeThingSignal(signal, enforcer, subjects);
      return enforcer;
    });
  }

  /** Of an event, by the policy of its thing at that time; undefined when everyone may read it. */
  readersOf(event: Signal, state: ThingState): MaybePromise<Readers | undefined> {
    if (!this.#options.isEnforced) return undefined;
    return andThen(this.#enforcerOf(state), (enforcer) => eventReaders(event, enforcer));
  }

  /** What subjects may read of a thing. @param subjects absent: all of it @throws StoreError */
  async readable(
    thingId: string,
    subjects: readonly string[] | undefined,
  ): Promise<ReadableThing | undefined> {
    const state = await this.#options.things.peek(thingId);
    if (state.lifecycle !== 'active') return undefined;
    if (!this.#options.isEnforced || subjects === undefined) return { state, thing: state.thing };
    const thing = readableThing(state.thing, await this.#enforcerOf(state), subjects);
    return thing === undefined ? undefined : { state, thing };
  }

  #enforcerOf({ thing }: ThingState): MaybePromise<PolicyEnforcer> {
    return this.#options.enforcers.of(thing['policyId']);
  }
}

/** Who gets an event, each as much of it as he may read. */
export const eventReaders = (event: Signal, enforcer: PolicyEnforcer): Readers => ({
  ...readersOf(event, enforcer),
  view: (subjects) => restrictEvent(event, enforcer, subjects),
});
