import {
  acknowledgement,
  andThen,
  authorizeThingSignal,
  type Clock,
  decideThing,
  evolveThing,
  headerValue,
  implicitCreate,
  isJsonArray,
  isJsonObject,
  type MaybePromise,
  type PolicyEnforcer,
  type ReadableThing,
  readableThing,
  readersOf,
  requestedAcks,
  restrictEvent,
  restrictResponse,
  retrieveThingsResponse,
  type Signal,
  type SignalSender,
  type ThingState,
  type TwinDecision,
  thingNotFound,
  withHeaders,
} from '@hawser/core';
import type { Enforcers } from './enforcers.ts';
import type { Entities } from './entities.ts';
import type { EntityTask } from './entityTask.ts';
import type { NewThings } from './newThings.ts';
import type { Readers, SignalRouter } from './signalRouter.ts';
import { subjectsOf } from './subjects.ts';
import { failureOf, inlinePolicyNotAllowed, refuse } from './twinErrors.ts';

export interface ThingDeskOptions {
  readonly things: Entities<ThingState>;
  readonly enforcers: Enforcers;
  readonly newThings: NewThings;
  readonly router: SignalRouter;
  readonly isEnforced: boolean;
  readonly clock: Clock;
}

/** What a command did; `readers` of its event, absent when everyone may read it. */
interface Decided extends TwinDecision {
  readonly readers?: Readers | undefined;
}

/** Takes what is meant for things, one signal of a thing after another. */
export class ThingDesk {
  readonly #options: ThingDeskOptions;

  constructor(options: ThingDeskOptions) {
    this.#options = options;
  }

  /** A command of the twin channel. */
  submit(command: Signal, sender: SignalSender): void {
    const decide = this.#decision(command);
    let decided: Decided | undefined;
    this.#run(command, sender, {
      decide: (state) =>
        andThen(decide(state), (decision) => {
          decided = decision;
          return decision.event;
        }),
      done: () => this.#answer(command, sender, decided),
    });
  }

  /** A live signal or a message, for those who may read it. */
  deliver(signal: Signal, sender: SignalSender): void {
    let readers: Readers | undefined;
    this.#run(signal, sender, {
      decide: (state) =>
        andThen(this.#readersOf(signal, state), (found) => {
          readers = found;
          return undefined;
        }),
      done: () => this.#options.router.route(signal, sender.voyage, readers),
    });
  }

  /** Several at once; those that are not there, or may not be read, are left out. */
  async retrieve(command: Signal, sender: SignalSender): Promise<void> {
    sender.voyage?.hold();
    try {
      const subjects = subjectsOf(command);
      const found = new Map<string, ReadableThing>();
      for (const id of thingIdsOf(command)) {
        const readable = await this.readable(id, subjects);
        if (readable !== undefined) found.set(id, readable);
      }
      sender.reply?.(retrieveThingsResponse(command, found));
    } catch (error) {
      refuse(command, sender, failureOf(command, error));
    }
    sender.voyage?.release();
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

  /** The source message is held until the thing's journal and whatever follows from it have it. */
  #run(signal: Signal, sender: SignalSender, steps: Pick<EntityTask<ThingState>, 'decide' | 'done'>): void {
    const { voyage } = sender;
    voyage?.hold();
    this.#options.things.run(signal.entityId ?? '', {
      decide: steps.decide,
      done: () => {
        steps.done();
        voyage?.release();
      },
      failed: (error) => {
        refuse(signal, sender, failureOf(signal, error));
        voyage?.release();
      },
    });
  }

  /** What a command does to a state; a thing's policy is made once, however often it is decided. */
  #decision(command: Signal): (state: ThingState) => MaybePromise<Decided> {
    const { newThings, isEnforced, clock } = this.#options;
    const subjects = subjectsOf(command);
    let prepared: Promise<Signal> | undefined;
    return (state) => {
      const now = new Date(clock.now()).toISOString();
      const meant = implicitCreate(command, state);
      if (state.lifecycle !== 'active') {
        if (meant.category !== 'CREATE') return decideThing(command, state, now);
        prepared ??= newThings.prepare(meant, subjects, (create) => decideThing(create, state, now));
        return prepared.then((create) => this.#withReaders(state, decideThing(create, state, now)));
      }
      checkNoInlinePolicy(command);
      if (!isEnforced || subjects === undefined)
        return this.#withReaders(state, decideThing(command, state, now));
      return andThen(this.#enforcerOf(state), (enforcer) => {
        authorizeThingSignal(command, enforcer, subjects);
        const { event, response } = decideThing(command, state, now);
        return this.#withReaders(state, { event, response: restrictResponse(response, enforcer, subjects) });
      });
    };
  }

  /** By the policy that the thing has when the event has happened, or had when it is deleted. */
  #withReaders(state: ThingState, decision: TwinDecision): MaybePromise<Decided> {
    const { event } = decision;
    if (!this.#options.isEnforced || event === undefined) return decision;
    const after = evolveThing(state, event);
    return andThen(this.#enforcerOf(after.lifecycle === 'active' ? after : state), (enforcer) => ({
      ...decision,
      readers: {
        ...readersOf(event, enforcer),
        view: (subjects) => restrictEvent(event, enforcer, subjects),
      },
    }));
  }

  #answer(command: Signal, { reply, voyage }: SignalSender, decided: Decided | undefined): void {
    if (decided === undefined) return;
    const { event, response, readers } = decided;
    reply?.(response);
    if (event === undefined) return;
    if (requestedAcks(command.headers)?.includes('search-persisted') === true)
      reply?.(searchPersisted(command));
    const [originator] = subjectsOf(command) ?? [];
    const headers = withHeaders(event.headers, { 'ditto-originator': originator });
    this.#options.router.route({ ...event, headers }, voyage, readers);
  }

  /** @throws DittoError */
  #readersOf(signal: Signal, state: ThingState): MaybePromise<Readers | undefined> {
    const subjects = subjectsOf(signal);
    if (state.lifecycle !== 'active') {
      // who publishes past all connections may do everything
      if (subjects === undefined) return undefined;
      throw thingNotFound(signal.entityId ?? '');
    }
    return andThen(this.#enforcerOf(state), (enforcer) => {
      if (subjects !== undefined) authorizeThingSignal(signal, enforcer, subjects);
      const readers = readersOf(signal, enforcer);
      if (signal.kind !== 'event') return readers;
      return { ...readers, view: (seeing) => restrictEvent(signal, enforcer, seeing) };
    });
  }

  #enforcerOf({ thing }: ThingState): MaybePromise<PolicyEnforcer> {
    return this.#options.enforcers.of(thing['policyId']);
  }
}

function thingIdsOf({ adaptable: { value } }: Signal): readonly string[] {
  const ids = isJsonObject(value) ? value['thingIds'] : undefined;
  return isJsonArray(ids) ? ids.map(String) : [];
}

/** A thing keeps its policy; that is changed by its own commands. @throws DittoError `things:policy.notallowed` */
function checkNoInlinePolicy({ category, entityId = '', resourcePath, adaptable: { value } }: Signal): void {
  const isWhole = resourcePath === '/' && (category === 'MODIFY' || category === 'MERGE');
  if (isWhole && isJsonObject(value) && isJsonObject(value['_policy']))
    throw inlinePolicyNotAllowed(entityId);
}

/** There is no search index behind what is persisted: it is as old as the thing. */
const searchPersisted = ({ entityId = '', headers }: Signal): Signal =>
  acknowledgement({
    label: 'search-persisted',
    entityId,
    status: 204,
    headers: withHeaders({}, { 'correlation-id': headerValue(headers, 'correlation-id') }),
  });
