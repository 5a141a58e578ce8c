import type { JsonObject, MaybePromise, Signal } from '@hawser/core';

/** What a kind of entity is made of: things, or policies. */
export interface EntityRules<S> {
  /** `thing:` or `policy:`; the id follows. */
  readonly pidPrefix: string;
  readonly initial: S;
  /** Sequence number of the last event, 0 before the first. */
  revisionOf(state: S): number;
  /** Never throws. */
  evolve(state: S, event: Signal): S;
  /** Of snapshots. */
  stateToJson(state: S): JsonObject;
  stateFromJson(json: JsonObject): S;
}

/** What is to become of an entity, and what follows from that. */
export interface EntityDecision {
  /** Undefined: nothing changes. */
  readonly event: Signal | undefined;
  /** Called when the event, and all that the decision saw, is durable. Must not throw. */
  done(): void;
}

/** Something to be done with one entity, after what came before it and before what comes after it. */
export interface EntityTask<S> {
  /**
   * Called again, with another state, when another process has written meanwhile: the last decision counts.
   *
   * @throws DittoError
   */
  decide(state: S): MaybePromise<EntityDecision>;
  /** Nothing has changed; of a StoreError that is `unavailable` nobody knows. Must not throw. */
  failed(error: unknown): void;
}
