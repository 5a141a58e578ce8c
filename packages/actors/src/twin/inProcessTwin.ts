import type {
  Clock,
  JsonObject,
  JsonPointer,
  Log,
  PolicyState,
  Signal,
  SignalSender,
  SignalSubscription,
  Store,
  ThingState,
  TwinService,
} from '@hawser/core';
import { fullThing, isSmartQuery, selectExtra, thingNotFound } from '@hawser/core';
import { writerOf } from '../writerOf.ts';
import { destinationOf } from './destination.ts';
import { Enforcers } from './enforcers.ts';
import { Entities, type EntityStats } from './entities.ts';
import { policyRules, thingRules } from './entityRules.ts';
import { LiveDesk } from './liveDesk.ts';
import { NewThings } from './newThings.ts';
import { PolicyDesk } from './policyDesk.ts';
import { SignalRouter } from './signalRouter.ts';
import { ThingAccess } from './thingAccess.ts';
import { ThingDesk } from './thingDesk.ts';
import { refuse, unsupported } from './twinErrors.ts';

export interface InProcessTwinOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Node that writes. */
  readonly instance: string;
  /** `static-grant`: every subject may do everything; policies are kept, and not asked. */
  readonly authorization: 'static-grant' | 'policies';
  /** Things, and policies, whose state is kept in memory. */
  readonly maxCached: number;
}

/**
 * The things and policies of this process, and the signals between its connections (spec 08, 9.2). A change is durable
 * before it is answered, and before those who subscribe are told; its source message is held until then.
 */
export class InProcessTwin implements TwinService {
  readonly #isEnforced: boolean;
  readonly #router = new SignalRouter();
  readonly #things: Entities<ThingState>;
  readonly #policies: Entities<PolicyState>;
  readonly #access: ThingAccess;
  readonly #thingDesk: ThingDesk;
  readonly #liveDesk: LiveDesk;
  readonly #policyDesk: PolicyDesk;

  constructor({ store, clock, log, instance, authorization, maxCached }: InProcessTwinOptions) {
    const by = { store, writer: writerOf(instance, clock), now: () => clock.now(), log, maxCached };
    const things = new Entities({ ...by, rules: thingRules });
    const policies = new Entities({ ...by, rules: policyRules });
    const enforcers = new Enforcers(policies, clock);
    const isEnforced = authorization === 'policies';
    const shared = { policies, enforcers, isEnforced, clock };
    this.#isEnforced = isEnforced;
    this.#policyDesk = new PolicyDesk(shared);
    const access = new ThingAccess({ ...shared, things });
    const desks = { access, router: this.#router, clock };
    this.#access = access;
    this.#liveDesk = new LiveDesk(desks);
    this.#thingDesk = new ThingDesk({ ...desks, newThings: new NewThings({ ...shared, access }) });
    this.#things = things;
    this.#policies = policies;
  }

  submit(signal: Signal, sender: SignalSender): void {
    switch (destinationOf(signal)) {
      case 'thing':
        if (isSmartQuery(signal)) this.#liveDesk.ask(signal, sender);
        else this.#thingDesk.submit(signal, sender);
        break;
      case 'things':
        void this.#thingDesk.retrieve(signal, sender);
        break;
      case 'policy':
        this.#policyDesk.submit(signal, sender);
        break;
      case 'subscribers':
        if (this.#isEnforced && signal.entityType === 'thing') this.#liveDesk.deliver(signal, sender);
        else this.#router.route(signal, sender.voyage);
        break;
      case 'news':
        // where subjects differ, a connection's word about what the twin has done must not be taken for the twin's own
        if (this.#isEnforced) refuse(signal, sender, unsupported(signal));
        else this.#router.route(signal, sender.voyage);
        break;
      case 'unsupported':
        refuse(signal, sender, unsupported(signal));
        break;
      case 'nobody':
    }
  }

  subscribe(subscription: SignalSubscription): () => void {
    return this.#router.subscribe(subscription);
  }

  declareAckLabels(group: string, labels: readonly string[]): () => void {
    return this.#router.declareAckLabels(group, labels);
  }

  async retrievePartialThing(
    thingId: string,
    fields: readonly JsonPointer[],
    subjects: readonly string[],
  ): Promise<JsonObject> {
    const readable = await this.#access.readable(thingId, subjects);
    if (readable === undefined) throw thingNotFound(thingId);
    return selectExtra(fullThing({ ...readable.state, thing: readable.thing }), fields);
  }

  stats(): Readonly<Record<'things' | 'policies', EntityStats>> {
    return { things: this.#things.stats(), policies: this.#policies.stats() };
  }

  /** Resolves when everything that was submitted is durable and answered, or refused. */
  async drained(): Promise<void> {
    // things wait for policies, and never the other way
    await this.#things.drained();
    await this.#policies.drained();
  }
}
