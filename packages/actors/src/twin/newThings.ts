import {
  absentPolicy,
  authorizePolicySignal,
  authorizeThingSignal,
  type Clock,
  checkPolicyId,
  checkThingId,
  compilePolicy,
  decidePolicy,
  defaultPolicy,
  evolvePolicy,
  isDittoError,
  isEqualJson,
  isJsonObject,
  type JsonObject,
  noHeaders,
  objectOf,
  type PolicyState,
  restrictResponse,
  type Signal,
  signalFromAdaptable,
  thingNotFound,
  unknownPolicy,
} from '@hawser/core';
import type { Enforcers } from './enforcers.ts';
import type { Entities } from './entities.ts';
import { instantOf } from './instantOf.ts';
import type { ThingAccess } from './thingAccess.ts';
import { policyExisting, policyMissing } from './twinErrors.ts';

export interface NewThingsOptions {
  readonly access: ThingAccess;
  readonly policies: Entities<PolicyState>;
  readonly enforcers: Enforcers;
  /** False: a policy that is there already is used for want of another, and one that is not is no obstacle. */
  readonly isEnforced: boolean;
  readonly clock: Clock;
}

/** In the policies of things that come in nobody's name. */
const OWNER = 'pre:hawser';

const REFERENCE = /^\{\{\s*ref:things\/([^/}]+)\/policyId\s*\}\}$/;

/** The policies that things get when they are created (things/service/.../enforcement/ThingEnforcerActor.java). */
export class NewThings {
  readonly #options: NewThingsOptions;

  constructor(options: NewThingsOptions) {
    this.#options = options;
  }

  /**
   * Makes the policy of a thing that does not exist, if it gets its own. Done again after a crash it uses what it made.
   *
   * @param subjects `undefined`: whoever may do everything
   * @param check throws for a thing that will be refused: no policy is made for it
   * @returns the command with the id of the thing's policy
   * @throws DittoError `things:thing.notcreatable`, `things:thing.notmodifiable`, `policies:policy.notfound`,
   *   `policies:id.invalid`, `things:thing.notfound`, `things:id.invalid`; StoreError
   */
  async prepare(
    command: Signal,
    subjects: readonly string[] | undefined,
    check: (prepared: Signal) => void,
  ): Promise<Signal> {
    const { adaptable, entityId: thingId = '' } = command;
    const { _policy: inline, _copyPolicyFrom: source, policyId: given, ...rest } = objectOf(adaptable.value);
    const policyId = textOf(given) ?? textOf(objectOf(inline)['policyId']) ?? thingId;
    const prepared = { ...command, adaptable: { ...adaptable, value: { ...rest, policyId } } };
    const isImplicit = !isJsonObject(inline) && typeof source !== 'string';
    if (isImplicit && given !== undefined) {
      await this.#authorizeWithExisting(prepared, thingId, policyId, subjects);
      return prepared;
    }
    const json = isJsonObject(inline)
      ? inline
      : typeof source === 'string'
        ? await this.#copied(source, subjects)
        : defaultPolicy(policyId, subjects?.[0] ?? OWNER);
    const create = policyCommand(policyId, 'create', { ...json, policyId });
    if (this.#options.isEnforced && subjects !== undefined)
      authorizeThingSignal(prepared, compilePolicy(json), subjects);
    check(prepared);
    await this.#create(create, isImplicit, thingId);
    return prepared;
  }

  async #authorizeWithExisting(
    command: Signal,
    thingId: string,
    policyId: string,
    subjects: readonly string[] | undefined,
  ): Promise<void> {
    const { policies, enforcers, isEnforced } = this.#options;
    if (!isEnforced) return;
    const state = await policies.peek(policyId);
    if (state.lifecycle !== 'active') throw policyMissing(thingId, policyId);
    if (subjects !== undefined) authorizeThingSignal(command, await enforcers.ofState(state), subjects);
  }

  /** What the subjects may read of the policy that `_copyPolicyFrom` names. */
  async #copied(source: string, subjects: readonly string[] | undefined): Promise<JsonObject> {
    const { policies, enforcers, isEnforced, clock } = this.#options;
    const id = await this.#policyIdOf(source, subjects);
    const state = await policies.peek(id);
    if (state.lifecycle !== 'active') throw unknownPolicy(id);
    if (!isEnforced || subjects === undefined) return state.policy;
    const retrieve = policyCommand(id, 'retrieve');
    const enforcer = await enforcers.ofState(state);
    authorizePolicySignal(retrieve, enforcer, subjects);
    const { response } = decidePolicy(retrieve, state, instantOf(clock));
    return objectOf(restrictResponse(response, enforcer, subjects).adaptable.value);
  }

  /** A policy is named by its id, or by that of a thing that the subjects may read. */
  async #policyIdOf(source: string, subjects: readonly string[] | undefined): Promise<string> {
    const [, thingId] = REFERENCE.exec(source) ?? [];
    if (thingId === undefined) return checkPolicyId(source);
    const readable = await this.#options.access.readable(checkThingId(thingId), subjects);
    const policyId = textOf(readable?.thing['policyId']);
    if (policyId === undefined) throw thingNotFound(thingId);
    return policyId;
  }

  #create(create: Signal, isImplicit: boolean, thingId: string): Promise<void> {
    const { policies, isEnforced, clock } = this.#options;
    const { entityId: policyId = '' } = create;
    return new Promise((resolve, reject) =>
      policies.run(policyId, {
        decide: (state) => {
          const now = instantOf(clock);
          const isThere = state.lifecycle === 'active';
          if (isThere && ((!isEnforced && isImplicit) || isEqualJson(state.policy, madeBy(create, now))))
            return { event: undefined, done: resolve };
          return { event: decidePolicy(create, state, now).event, done: resolve };
        },
        failed: (error) => reject(isConflict(error) ? policyExisting(thingId, policyId) : error),
      }),
    );
  }
}

function policyCommand(id: string, action: 'create' | 'retrieve', value?: JsonObject): Signal {
  const separator = id.indexOf(':');
  const topic = {
    namespace: id.slice(0, separator),
    name: id.slice(separator + 1),
    group: 'policies',
    channel: 'none',
    criterion: 'commands',
    action,
    subject: undefined,
  } as const;
  return signalFromAdaptable({ topic, headers: noHeaders, path: '/', value });
}

/** The policy that a command makes where there is none. */
function madeBy(create: Signal, now: string): JsonObject | undefined {
  const { event } = decidePolicy(create, absentPolicy, now);
  return event === undefined ? undefined : evolvePolicy(absentPolicy, event).policy;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isConflict = (error: unknown): boolean =>
  isDittoError(error) && error.code === 'policies:policy.conflict';
