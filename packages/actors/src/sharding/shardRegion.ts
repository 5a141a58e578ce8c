import {
  type AskedCommand,
  type ClientSessions,
  type Clock,
  type CommandAnswer,
  type ConnectionEvent,
  connectionUnavailable,
  entityIdOf,
  type Lease,
  type Log,
  type NodeTransport,
  type ShardCoordinator,
  type ShardOwner,
  type Store,
  shardNumber,
} from '@hawser/core';
import type { ActorsConfig } from '../config.ts';
import type { ConnectionRules } from '../connection/connectionActor.ts';
import type { ActorRef } from '../nact/actorRef.ts';
import { nextBackoff, startBackoff } from '../nact/backoff.ts';
import type { WriterLease } from '../nact/journalSession.ts';
import type { Kernel } from '../nact/kernel.ts';
import { ConnectionCleanup } from './cleanup.ts';
import { ConnectionSlot, type SlotSurroundings } from './connectionSlot.ts';
import { OpenTurns } from './openTurns.ts';
import { PingSweep } from './pingSweep.ts';
import { eachOf, openConnections } from './reopening.ts';

export interface RegionParts {
  readonly kernel: Kernel;
  /** Parent of the shards. */
  readonly root: ActorRef<never>;
  readonly store: Store;
  readonly sessions: ClientSessions;
  readonly rules: ConnectionRules;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly config: ActorsConfig;
  readonly coordinator: ShardCoordinator;
  /** Reaches the owners of shards that run elsewhere. */
  readonly transport?: NodeTransport | undefined;
  readonly instance: string;
  /** Names this process and its start in every event. */
  readonly writer: string;
  publish(event: ConnectionEvent): void;
}

interface Shard {
  readonly ref: ActorRef<never>;
  /** For all its connections. */
  readonly lease: WriterLease;
}

/** Asked for by an operator: what a slot is doing. */
export interface ConnectionCounts {
  readonly awake: number;
  readonly backingOff: number;
  /** Their journals cannot be read. */
  readonly corrupt: readonly string[];
  readonly waitingToOpen: number;
}

/**
 * `/system/sharding/connection`: finds or starts the actor of an id, in this process or in another. Shards are parents for
 * supervision alone: commands go straight to the connection, because nact copies the children of whoever handles a message.
 */
export class ShardRegion implements ShardOwner {
  readonly whenListLoaded: Promise<void>;
  /** Resolves when every connection of the first list has been opened or has failed to: then all targets are known that signals may be for. */
  readonly whenReopened: Promise<void>;
  #onReopened: () => void = () => undefined;
  readonly #parts: RegionParts;
  readonly #around: SlotSurroundings;
  readonly #shards = new Map<number, Shard>();
  readonly #slots = new Map<string, ConnectionSlot>();
  readonly #cleanup: ConnectionCleanup;
  readonly #turns: OpenTurns;
  readonly #sweep: PingSweep;
  readonly #unlisted = new Set<number>();
  #starting: Promise<void> = Promise.resolve();
  #isListing = false;
  #isListLoaded = false;
  #isStopped = false;
  #onListLoaded: () => void = () => undefined;

  constructor(parts: RegionParts) {
    this.#parts = parts;
    const { store, clock, log, config } = parts;
    this.#around = {
      ...parts,
      openTurn: () => this.#turns.turn(),
      publish: (event) => parts.publish(event),
      emptied: (slot) => {
        if (this.#slots.get(slot.connectionId) === slot) this.#slots.delete(slot.connectionId);
      },
    };
    this.#cleanup = new ConnectionCleanup(store);
    this.#turns = new OpenTurns(clock, config.recovery.opensPerInterval, config.recovery.openIntervalMs);
    this.#sweep = new PingSweep({
      store,
      clock,
      log,
      config: config.ping,
      ping: ({ connectionId, isTagged }) =>
        void this.#slot(connectionId)
          ?.ping(isTagged)
          .catch((error: unknown) => log.error('a connection cannot be woken', { connectionId, error })),
    });
    this.whenListLoaded = new Promise((resolve) => {
      this.#onListLoaded = resolve;
    });
    this.whenReopened = new Promise((resolve) => {
      this.#onReopened = resolve;
    });
  }

  get isListLoaded(): boolean {
    return this.#isListLoaded;
  }

  async start(): Promise<void> {
    this.#starting = this.#parts.coordinator.start(this);
    await this.#starting;
    if (this.#parts.config.recovery.enabled) this.#sweep.start();
    this.#reopen();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#sweep.stop();
    await this.#parts.coordinator.stop();
  }

  acquired(lease: Lease): Promise<void> {
    const { kernel, root } = this.#parts;
    const ref = kernel.spawn<never>(root, `shard-${lease.shard}`, { onMessage: () => undefined });
    const { writer } = this.#parts;
    const writerLease = { writer, epoch: lease.epoch, valid: () => lease.valid() };
    this.#shards.set(lease.shard, { ref, lease: writerLease });
    lease.lost.addEventListener('abort', () => this.#abort(lease.shard));
    this.#unlisted.add(lease.shard);
    if (this.#isListLoaded) this.#reopen();
    return Promise.resolve();
  }

  async revoked(shard: number, why: 'lost' | 'rebalance' | 'shutdown'): Promise<void> {
    const held = this.#shards.get(shard);
    if (held === undefined) return;
    this.#shards.delete(shard);
    this.#unlisted.delete(shard);
    const ids = [...this.#slots.keys()].filter((id) => this.#shardOf(id) === shard);
    if (why === 'lost') this.#abort(shard);
    await Promise.all(ids.map((id) => this.#slots.get(id)?.close()));
    for (const id of ids) this.#slots.delete(id);
    await this.#parts.kernel.stop(held.ref, this.#parts.config.stopTimeoutMs);
  }

  /** @throws DittoError */
  ask(asked: AskedCommand): Promise<CommandAnswer> {
    const connectionId = entityIdOf(asked.command);
    const slot = this.#slot(connectionId);
    return slot === undefined ? this.#askElsewhere(connectionId, asked) : slot.ask(asked);
  }

  cleanUp(...asked: Parameters<ConnectionCleanup['cleanUp']>): Promise<CommandAnswer> {
    return this.#cleanup.cleanUp(...asked);
  }

  /** Stops the actors of these connections; the next command starts them from the journal. */
  async purge(connectionIds: readonly string[]): Promise<void> {
    await Promise.all(connectionIds.map((id) => this.#slots.get(id)?.stop()));
  }

  counts(): ConnectionCounts {
    const statuses = [...this.#slots].map(([id, slot]) => [id, slot.status] as const);
    return {
      awake: statuses.filter(([, status]) => status !== 'absent').length,
      backingOff: statuses.filter(([, status]) => status === 'backingOff').length,
      corrupt: statuses.filter(([, status]) => status === 'corrupt').map(([id]) => id),
      waitingToOpen: this.#turns.waiting,
    };
  }

  #shardOf(connectionId: string): number {
    return shardNumber(connectionId, this.#parts.config.shards);
  }

  #slot(connectionId: string): ConnectionSlot | undefined {
    const known = this.#slots.get(connectionId);
    if (known !== undefined) return known;
    const shard = this.#shards.get(this.#shardOf(connectionId));
    if (shard === undefined) return undefined;
    const { ref, lease } = shard;
    const slot = new ConnectionSlot({ connectionId, lease, shard: ref, around: this.#around });
    this.#slots.set(connectionId, slot);
    return slot;
  }

  async #askElsewhere(connectionId: string, asked: AskedCommand): Promise<CommandAnswer> {
    const { coordinator, transport, config } = this.#parts;
    await this.#starting;
    const slot = this.#slot(connectionId);
    if (slot !== undefined) return slot.ask(asked);
    const owner = await coordinator.locate(this.#shardOf(connectionId));
    if (owner?.address === undefined || owner.local || transport === undefined)
      throw connectionUnavailable(connectionId);
    const answer = await transport.ask(owner.address, asked, { timeoutMs: config.localAskTimeoutMs });
    return answer as CommandAnswer;
  }

  #abort(shard: number): void {
    for (const [id, slot] of this.#slots) if (this.#shardOf(id) === shard) slot.abort();
  }

  /** Lists what should be open in newly acquired shards and starts it; tried again until the store answers. */
  #reopen(): void {
    if (this.#isListing || this.#isStopped) return;
    this.#isListing = true;
    void this.#listAndStart().finally(() => {
      this.#isListing = false;
      if (this.#unlisted.size > 0) this.#reopen();
    });
  }

  async #listAndStart(): Promise<void> {
    const { config, store, clock, log, random } = this.#parts;
    let backoff = startBackoff(config.backoff, clock.monotonic());
    for (;;) {
      if (this.#isStopped) return;
      const shards = new Set(this.#unlisted);
      try {
        const open = config.recovery.enabled ? await openConnections(store, config.ping.order) : [];
        if (config.recovery.enabled) this.#sweep.listed(open);
        for (const shard of shards) this.#unlisted.delete(shard);
        this.#isListLoaded = true;
        this.#onListLoaded();
        const ids = open.map((entry) => entry.connectionId).filter((id) => shards.has(this.#shardOf(id)));
        const isWanted = () => !this.#isStopped;
        await eachOf(ids, config.recovery.parallel, isWanted, async (id) => this.#slot(id)?.wake());
        void Promise.all(ids.map((id) => this.#slots.get(id)?.whenReopened)).then(this.#onReopened);
        return;
      } catch (error) {
        backoff = nextBackoff(backoff, config.backoff, clock.monotonic(), random());
        log.warn('the list of connections cannot be read', { retryMs: backoff.delayMs, error });
        const { delayMs } = backoff;
        await new Promise<void>((resolve) => clock.after(delayMs, resolve));
      }
    }
  }
}
