import {
  acknowledgement,
  andThen,
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
  requestedAcks,
  restrictResponse,
  retrieveThingsResponse,
  type Signal,
  type SignalSender,
  type ThingState,
  type TwinDecision,
  withHeaders,
} from '@hawser/core';
import { instantOf } from './instantOf.ts';
import type { NewThings } from './newThings.ts';
import type { Readers, SignalRouter } from './signalRouter.ts';
import { subjectsOf } from './subjects.ts';
import type { ThingAccess } from './thingAccess.ts';
import { failureOf, inlinePolicyNotAllowed, refuse } from './twinErrors.ts';

export interface ThingDeskOptions {
  readonly access: ThingAccess;
  readonly newThings: NewThings;
  readonly router: SignalRouter;
  readonly clock: Clock;
}

/** What a command did. */
interface Decided {
  readonly decision: TwinDecision;
  /** Of its event; absent when everyone may read it. */
  readonly readers: Readers | undefined;
}

/** Takes commands for things on the twin channel. */
export class ThingDesk {
  readonly #options: ThingDeskOptions;

  constructor(options: ThingDeskOptions) {
    this.#options = options;
  }

  submit(command: Signal, sender: SignalSender): void {
    const subjects = subjectsOf(command);
    const decide = this.#decision(command, subjects);
    this.#options.access.run(command, sender, (state) =>
      andThen(decide(state), (decided) => ({
        event: decided.decision.event,
        done: () => this.#answer(command, sender, decided, subjects?.[0]),
      })),
    );
  }

  /** Several at once; those that are not there, or may not be read, are left out. */
  async retrieve(command: Signal, sender: SignalSender): Promise<void> {
    sender.voyage?.hold();
    try {
      const subjects = subjectsOf(command);
      const found = new Map<string, ReadableThing>();
      for (const id of thingIdsOf(command)) {
        const readable = await this.#options.access.readable(id, subjects);
        if (readable !== undefined) found.set(id, readable);
      }
      sender.reply?.(retrieveThingsResponse(command, found));
    } catch (error) {
      refuse(command, sender, failureOf(command, error));
    }
    sender.voyage?.release();
  }

  /** What a command does to a state; a thing's policy is made once, however often it is decided. */
  #decision(
    command: Signal,
    subjects: readonly string[] | undefined,
  ): (state: ThingState) => MaybePromise<Decided> {
    const { access, newThings, clock } = this.#options;
    let prepared: Promise<Signal> | undefined;
    return (state) => {
      const now = instantOf(clock);
      const meant = implicitCreate(command, state);
      if (state.lifecycle !== 'active' && meant.category === 'CREATE') {
        prepared ??= newThings.prepare(meant, subjects, (create) => decideThing(create, state, now));
        return prepared.then((create) => this.#withReaders(state, decideThing(create, state, now)));
      }
      return andThen(access.authorized(command, state), (enforcer) => {
        if (state.lifecycle === 'active') checkNoInlinePolicy(command);
        return this.#withReaders(state, restricted(decideThing(command, state, now), enforcer, subjects));
      });
    };
  }

  /** By the policy that the thing has when the event has happened, or had when it is deleted. */
  #withReaders(state: ThingState, decision: TwinDecision): MaybePromise<Decided> {
    const { event } = decision;
    if (event === undefined) return { decision, readers: undefined };
    const after = evolveThing(state, event);
    const known = after.lifecycle === 'active' ? after : state;
    return andThen(this.#options.access.readersOf(event, known), (readers) => ({ decision, readers }));
  }

  #answer(
    command: Signal,
    { reply, voyage }: SignalSender,
    { decision: { event, response }, readers }: Decided,
    originator: string | undefined,
  ): void {
    reply?.(response);
    if (event === undefined) return;
    if (requestedAcks(command.headers)?.includes('search-persisted') === true)
      reply?.(searchPersisted(command));
    const headers = withHeaders(event.headers, { 'ditto-originator': originator });
    this.#options.router.route({ ...event, headers }, voyage, readers);
  }
}

/** The response cut to what the sender may read; `enforcer` is absent where nobody asks the policy. */
export function restricted(
  { event, response }: TwinDecision,
  enforcer: PolicyEnforcer | undefined,
  subjects: readonly string[] | undefined,
): TwinDecision {
  if (enforcer === undefined || subjects === undefined) return { event, response };
  return { event, response: restrictResponse(response, enforcer, subjects) };
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
