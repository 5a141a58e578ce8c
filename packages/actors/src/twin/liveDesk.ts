import {
  andThen,
  type Clock,
  decideThing,
  type MaybePromise,
  readersOf,
  type Signal,
  type SignalSender,
  type ThingState,
  thingNotFound,
} from '@hawser/core';
import { instantOf } from './instantOf.ts';
import type { Readers, SignalRouter } from './signalRouter.ts';
import { answerLater, isAnsweredLive, liveQuery, unmatched } from './smartQuery.ts';
import { subjectsOf } from './subjects.ts';
import { eventReaders, type ThingAccess } from './thingAccess.ts';
import { restricted } from './thingDesk.ts';

export interface LiveDeskOptions {
  readonly access: ThingAccess;
  readonly router: SignalRouter;
  readonly clock: Clock;
}

/** Takes what others answer: live signals, messages, and queries that go to them if the thing's state says so. */
export class LiveDesk {
  readonly #options: LiveDeskOptions;

  constructor(options: LiveDeskOptions) {
    this.#options = options;
  }

  /** A live signal or a message, for those who may read it. */
  deliver(signal: Signal, sender: SignalSender): void {
    const { access, router } = this.#options;
    access.run(signal, sender, (state) =>
      andThen(this.#readersOf(signal, state), (readers) => ({
        event: undefined,
        done: () => router.route(signal, sender.voyage, readers),
      })),
    );
  }

  /** A query with a `live-channel-condition`. */
  ask(query: Signal, sender: SignalSender): void {
    const { access, clock, router } = this.#options;
    const subjects = subjectsOf(query);
    access.run(query, sender, (state) =>
      andThen(access.authorized(query, state), (enforcer) => {
        const now = instantOf(clock);
        const ofTwin = (): Signal => restricted(decideThing(query, state, now), enforcer, subjects).response;
        if (state.lifecycle !== 'active' || !isAnsweredLive(query, state, now)) {
          const response = unmatched(ofTwin());
          return { event: undefined, done: () => sender.reply?.(response) };
        }
        const live = liveQuery(query);
        const readers = enforcer === undefined ? undefined : readersOf(live, enforcer);
        const done = (): void => {
          answerLater(query, sender, clock, ofTwin);
          router.route(live, sender.voyage, readers);
        };
        return { event: undefined, done };
      }),
    );
  }

  /** @throws DittoError */
  #readersOf(signal: Signal, state: ThingState): MaybePromise<Readers | undefined> {
    if (state.lifecycle !== 'active') {
      // who publishes past all connections may do everything
      if (subjectsOf(signal) === undefined) return undefined;
      throw thingNotFound(signal.entityId ?? '');
    }
    return andThen(this.#options.access.authorized(signal, state), (enforcer) => {
      if (enforcer === undefined) return undefined;
      return signal.kind === 'event' ? eventReaders(signal, enforcer) : readersOf(signal, enforcer);
    });
  }
}
