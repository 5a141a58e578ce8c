import {
  type ClientSessions,
  type Clock,
  type ConnectionEvent,
  type ConnectivityCommands,
  connectionEventToJson,
  defaultHonoConfig,
  type JsonObject,
  type Log,
  type NodeTransport,
  resolveHonoConnection,
  type ShardCoordinator,
  type Store,
  validateConnection,
} from '@hawser/core';
import { type ActorsConfig, defaultActorsConfig } from './config.ts';
import type { ConnectionRules } from './connection/connectionActor.ts';
import { SoloCoordinator } from './coordination/solo.ts';
import { Kernel, type KernelStats } from './nact/kernel.ts';
import { PubSub, type Subscriber } from './pubSub.ts';
import { Selections } from './selections.ts';
import { type ConnectionCounts, ShardRegion } from './sharding/shardRegion.ts';
import { connectionIdsRetrieval } from './singles/connectionIdsRetrieval.ts';
import { Single, type SingleHandler } from './singles/single.ts';
import { writerOf } from './writerOf.ts';

export interface ActorSystemParts {
  /** Opened and closed by the caller. */
  readonly store: Store;
  readonly sessions: ClientSessions;
  readonly clock: Clock;
  readonly log: Log;
  /** What differs from Ditto's defaults. */
  readonly config?: Partial<ActorsConfig>;
  /** Instance id of this process, e.g. `INSTANCE_INDEX`. */
  readonly instance: string;
  /** Default: Ditto's validation with its default configuration. */
  readonly rules?: Partial<ConnectionRules>;
  /** Default: this process runs all shards. */
  readonly coordinator?: ShardCoordinator;
  readonly transport?: NodeTransport;
  /** Actors of the caller beside the connections, by selection, e.g. `/user/connectivityRoot/persistenceCleanup`. */
  readonly singles?: Readonly<Record<string, SingleHandler>>;
  /** In [0, 1); for back-off and jitter. */
  readonly random?: () => number;
}

export interface ActorSystemStats {
  readonly kernel: KernelStats;
  readonly connections: ConnectionCounts;
}

export interface ActorSystem {
  readonly commands: ConnectivityCommands;
  /** Resolves when the connections to reopen are known; reopening goes on beyond. */
  readonly whenListLoaded: Promise<void>;
  /** Resolves when every connection to reopen takes signals for its targets, or has failed to. */
  readonly whenReopened: Promise<void>;
  isReady(): boolean;
  /** Events `connectionCreated` and `connectionDeleted`, and what is published through the mediator. Returns how to unsubscribe. */
  subscribe(topic: string, subscriber: Subscriber): () => void;
  /** Closes all clients gracefully, then stops all actors. Idempotent. */
  stop(): Promise<void>;
  stats(): ActorSystemStats;
}

let startedSystems = 0;

/** Starts the actors over a store and the clients of brokers. Several systems may run in one process. */
export function startActorSystem(parts: ActorSystemParts): ActorSystem {
  const { store, clock, log, instance, random = Math.random } = parts;
  const config = { ...defaultActorsConfig, ...parts.config };
  // nact keeps systems by name for the whole process.
  const kernel = new Kernel({ name: `hawser-${process.pid}-${++startedSystems}`, clock, log, random });
  const root = kernel.spawn<never>(kernel.root, 'connectivityRoot', { onMessage: () => undefined });
  const pubSub = new PubSub();
  const region = new ShardRegion({
    kernel,
    root,
    store,
    sessions: parts.sessions,
    rules: rulesOf(parts),
    clock,
    log,
    random,
    config,
    coordinator: parts.coordinator ?? new SoloCoordinator(config.shards, instance),
    transport: parts.transport,
    instance,
    writer: writerOf(instance, clock),
    publish: (event: ConnectionEvent) => {
      if (pubSub.hasSubscribers(event.type)) pubSub.publish(event.type, connectionEventToJson(event));
    },
  });
  const ids = new Single(kernel, root, 'connectionIdsRetrieval', connectionIdsRetrieval(store));
  const singles = new Map([
    ['/user/connectivityRoot/connectionIdsRetrieval', ids],
    ['/user/connectivityRoot/connectionIdsRetrieval/singleton', ids],
    ...Object.entries(parts.singles ?? {}).map(
      ([selection, handler]) =>
        [
          selection,
          new Single(kernel, root, selection.slice(selection.lastIndexOf('/') + 1), handler),
        ] as const,
    ),
  ]);
  pubSub.subscribe('common.commands:shutdown', (command) => void region.purge(purgedIds(command)));
  region.start().catch((error: unknown) => log.error('the shards cannot be started', { error }));
  let stopped: Promise<void> | undefined;
  return {
    commands: new Selections({ clock, region, pubSub, singles, stopTimeoutMs: config.stopTimeoutMs }),
    whenListLoaded: region.whenListLoaded,
    whenReopened: region.whenReopened,
    isReady: () => region.isListLoaded && stopped === undefined,
    subscribe: (topic, subscriber) => pubSub.subscribe(topic, subscriber),
    stop: () => {
      stopped ??= region.stop().then(() => kernel.shutdown(config.stopTimeoutMs));
      return stopped;
    },
    stats: () => ({ kernel: kernel.stats(), connections: region.counts() }),
  };
}

/** Beside the rules, a client must be possible for every connection that is stored or tested. */
function rulesOf({ rules, sessions }: ActorSystemParts): ConnectionRules {
  const validate: ConnectionRules['validate'] =
    rules?.validate ?? ((connection) => void validateConnection(connection));
  return {
    ...(rules?.findFacts === undefined ? {} : { findFacts: rules.findFacts }),
    validate: (connection, facts) => {
      validate(connection, facts);
      sessions.validate(connection);
    },
    validateStored: rules?.validateStored ?? validate,
    resolveHono: rules?.resolveHono ?? ((connection) => resolveHonoConnection(connection, defaultHonoConfig)),
  };
}

/** Ids of a shutdown that purges connections; other reasons concern none. */
function purgedIds(command: JsonObject): readonly string[] {
  const reason = command['reason'];
  if (typeof reason !== 'object' || reason === null || !('type' in reason)) return [];
  const details = reason['type'] === 'purge-entities' ? reason['details'] : undefined;
  return Array.isArray(details) ? details.filter((id) => typeof id === 'string') : [];
}
