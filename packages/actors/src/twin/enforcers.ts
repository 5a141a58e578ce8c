import {
  andThen,
  type Clock,
  compilePolicy,
  isJsonObject,
  type JsonValue,
  type MaybePromise,
  type PolicyEnforcer,
  type PolicyState,
} from '@hawser/core';
import { isPromise } from '../pipeline/maybePromise.ts';
import type { Entities } from './entities.ts';
import { instantOf } from './instantOf.ts';

interface Compiled {
  readonly enforcer: PolicyEnforcer;
  /** States of the policies that it imports. */
  readonly imported: readonly PolicyState[];
}

const NONE: readonly PolicyState[] = [];

/** Policies as they are enforced. One is compiled again when it, or one that it imports, has changed, or a subject has expired. */
export class Enforcers {
  readonly #policies: Entities<PolicyState>;
  readonly #clock: Clock;
  readonly #compiled = new WeakMap<PolicyState, Compiled>();

  constructor(policies: Entities<PolicyState>, clock: Clock) {
    this.#policies = policies;
    this.#clock = clock;
  }

  /** A policy that does not exist grants nothing. @throws StoreError */
  of(policyId: JsonValue | undefined): MaybePromise<PolicyEnforcer> {
    if (typeof policyId !== 'string') return nothing;
    return andThen(this.#policies.peek(policyId), (state) => this.ofState(state));
  }

  /** @throws StoreError when a policy that it imports cannot be read */
  ofState(state: PolicyState): MaybePromise<PolicyEnforcer> {
    if (state.lifecycle !== 'active') return nothing;
    const { imports } = state.policy;
    const ids = isJsonObject(imports) ? Object.keys(imports) : [];
    if (ids.length === 0) return this.#current(state, NONE);
    const imported = ids.map((id) => this.#policies.peek(id));
    return imported.some(isPromise)
      ? Promise.all(imported).then((states) => this.#current(state, states))
      : this.#current(state, imported as readonly PolicyState[]);
  }

  #current(state: PolicyState, imported: readonly PolicyState[]): PolicyEnforcer {
    const now = instantOf(this.#clock);
    const known = this.#compiled.get(state);
    if (known !== undefined && isSame(known.imported, imported) && !hasExpired(known.enforcer, now))
      return known.enforcer;
    const ids = Object.keys((state.policy['imports'] ?? {}) as object);
    const policies = imported.map(({ policy }, index) => [ids[index] ?? '', policy] as const);
    const enforcer = compilePolicy(state.policy, { now, imported: new Map(policies) });
    this.#compiled.set(state, { enforcer, imported });
    return enforcer;
  }
}

const nothing = compilePolicy({ entries: {} });

const isSame = (some: readonly PolicyState[], others: readonly PolicyState[]): boolean =>
  some.length === others.length && some.every((state, index) => state === others[index]);

const hasExpired = ({ validUntil }: PolicyEnforcer, now: string): boolean =>
  validUntil !== undefined && validUntil < now;
