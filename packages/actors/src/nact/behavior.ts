import type { JournalEntry, JsonObject, Snapshot } from '@hawser/core';
import type { ActorRef } from './actorRef.ts';

/** An actor without a journal. Its state is its own affair (a closure). */
export interface Behavior<M> {
  /** A throw answers the asker with the error; the actor goes on. */
  onMessage(message: M): void | Promise<void>;
  /** Runs when the actor stops, after its children and its running message. */
  onStop?(): void | Promise<void>;
}

export interface EventSourcedContext<M, E> {
  readonly self: ActorRef<M>;
  /** Sequence number of the newest event. */
  readonly sequenceNumber: number;
  /**
   * Resolves when the event is durable. After a rejection the actor is poisoned: whatever the handler does then,
   * it is recovered from the journal before its next message.
   */
  persist(event: E, tags: readonly string[]): Promise<void>;
}

/** An actor whose state is a fold of its journal, in the two-handler shape of Pekko's persistence-typed. */
export interface EventSourced<S, M, E> {
  /** The state before the first event; `revision` is above 0 when all events were removed. */
  initial(revision: number): S;
  /** Never throws: history has happened. */
  onEvent(state: S, event: E): S;
  /** A throw before anything was persisted answers the asker and keeps the state; later it resets the actor. */
  onMessage(state: S, message: M, context: EventSourcedContext<M, E>): S | Promise<S>;
  /** After each recovery, before the first message. Starts effects; a throw is only logged. */
  onRecovered?(state: S, context: EventSourcedContext<M, E>): void;
  /** Before the actor is recovered again: what memory held besides the state is gone. */
  onReset?(error: unknown): void;
  onStop?(): void | Promise<void>;
}

/** How events and snapshots are written. A throw of a decoder marks the journal as corrupt. */
export interface JournalCodec<S, E> {
  encode(event: E): { readonly type: string; readonly event: JsonObject };
  decode(entry: JournalEntry): E;
  decodeSnapshot(snapshot: Snapshot): S;
  /** Whether history may begin with this event although there were others before, which were removed. Absent: never. */
  isBeginning?(event: E): boolean;
}
