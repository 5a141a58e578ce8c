import type { Ref } from 'nact';
import {
  configurePersistence as configure,
  dispatch as dispatchUntyped,
  Nobody,
  spawnPersistent as spawnPersistentUntyped,
  spawn as spawnUntyped,
  start as startUntyped,
  stop as stopUntyped,
} from 'nact';

/*
 * nact 7.6.2 with the types that it has at run time (its own lack `persist`, `recovering` and the concrete system).
 * Only the kernel uses this.
 */

/** A nact reference: plain data, resolved by name at each dispatch. */
export type NactRef = Ref<unknown>;
/** The concrete system that an extension of `start` receives. */
export type NactSystem = { readonly persistenceEngine?: NactEngine };

export interface NactContext {
  /** True while events are replayed. */
  readonly recovering?: boolean;
  /** Raises the sequence number, then writes; `rest` reaches the engine. */
  persist(event: unknown): Promise<void>;
}

export interface NactSupervision {
  readonly stop: symbol;
  readonly reset: symbol;
}

export interface NactEvent {
  readonly data: unknown;
  readonly sequenceNumber: number;
  readonly isDeleted?: boolean;
}

export type NactFold = (accumulated: unknown, event: NactEvent, index: number) => unknown;

/** What nact calls on its persistence engine. */
export interface NactEngine {
  latestSnapshot(key: string): Promise<{ data: unknown; sequenceNumber: number } | undefined>;
  events(key: string, offset: number): { reduce(fold: NactFold, initial: unknown): Promise<unknown> };
  persist(event: NactEvent): Promise<void>;
  takeSnapshot(): Promise<void>;
}

type Handler = (state: unknown, message: unknown, context: NactContext) => unknown;

export interface NactProps {
  readonly onCrash: (message: unknown, error: unknown, context: NactSupervision) => symbol | Promise<symbol>;
}

export function start(name: string, extension: (system: NactSystem) => void): NactRef {
  const startNamed = startUntyped as unknown as (
    options: { name: string },
    extension: (system: NactSystem) => void,
  ) => NactRef;
  return startNamed({ name }, extension);
}

/** nact would make one for every message. */
const nobody = new Nobody();
const dispatchFrom = dispatchUntyped as (actor: NactRef, message: unknown, sender: Nobody) => void;
export const dispatch = (actor: NactRef, message: unknown): void => dispatchFrom(actor, message, nobody);
export const stop = stopUntyped as (actor: NactRef) => void;
export const configurePersistence = configure as unknown as (
  engine: NactEngine,
) => (system: NactSystem) => void;
export const spawn = spawnUntyped as unknown as (
  parent: NactRef,
  handler: Handler,
  name: string,
  props: NactProps,
) => NactRef;
export const spawnPersistent = spawnPersistentUntyped as unknown as (
  parent: NactRef,
  handler: Handler,
  key: string,
  name: string,
  props: NactProps,
) => NactRef;
