import {
  type ClientSession,
  type ClientSessions,
  type Clock,
  type ConnectivityCommands,
  type JournalEntry,
  type Lease,
  type Log,
  type ShardCoordinator,
  type ShardOwner,
  type Store,
  StoreError,
} from '@hawser/core';
import type { FakeSessions } from '../fakes/fakeSessions.ts';
import { RecordingLog } from '../fakes/recordingLog.ts';
import type { ModelGround } from './modelGround.ts';

/** The actor system as the model needs it. */
export interface ModelSystem {
  readonly commands: ConnectivityCommands;
  stop(): Promise<void>;
  /** `late`: answers to commands that had an answer, or whose asker had gone. */
  stats(): {
    readonly kernel: {
      readonly deadLetters: { readonly late: number };
      readonly mailboxes: { readonly queued: number };
    };
  };
}

export type StartModelSystem = (parts: {
  readonly store: Store;
  readonly sessions: ClientSessions;
  readonly clock: Clock;
  readonly log: Log;
  readonly instance: string;
  readonly random: () => number;
  readonly coordinator: ShardCoordinator;
  readonly config: { readonly shards: number; readonly snapshotThreshold: number };
}) => ModelSystem;

const SHARDS = 1;

/** One process with the system under test. After `crash` nothing that it still does reaches the ground. */
export class ModelProcess {
  readonly log = new RecordingLog();
  readonly system: ModelSystem;
  readonly #ground: ModelGround;
  readonly #sessions: ClientSession[] = [];
  readonly #timers = new Set<() => void>();
  readonly #lost = new AbortController();
  readonly #epoch: number;
  #owner: ShardOwner | undefined;
  #holdsLease = true;
  #isDead = false;
  #landsOnDeath = false;

  constructor(start: StartModelSystem, ground: ModelGround, epoch: number) {
    this.#ground = ground;
    this.#epoch = epoch;
    this.system = start({
      store: this.#store(),
      sessions: this.#clients(),
      clock: this.#clock(),
      log: this.log,
      instance: `p${epoch}`,
      random: () => 0.5,
      coordinator: this.#coordinator(),
      config: { shards: SHARDS, snapshotThreshold: 3 },
    });
  }

  /** @param lands whether appends under way still reach the disk */
  crash(lands: boolean): void {
    this.#landsOnDeath = lands;
    this.#isDead = true;
    for (const cancel of this.#timers) cancel();
    for (const session of this.#sessions) session.abort();
    // lets go of what the dead process holds in this one
    void this.system.stop();
  }

  /** Another process owns the shard from now on, whether or not this one has noticed. */
  async loseLease(how: 'rebalance' | 'lost'): Promise<void> {
    if (how === 'lost') {
      this.#holdsLease = false;
      this.#lost.abort();
    }
    await this.#owner?.revoked(0, how);
    this.#holdsLease = false;
  }

  #store(): Store {
    const { store } = this.#ground;
    const alive = <T>(run: () => Promise<T>): Promise<T> => (this.#isDead ? this.#closed() : run());
    return {
      kind: 'model',
      lastFailure: undefined,
      upkeep: undefined as never,
      open: () => store.open(),
      close: () => store.close(),
      health: () => store.health(),
      journal: {
        ...store.journal,
        append: (entries) => this.#append(entries),
        highestSn: (pid) => alive(() => store.journal.highestSn(pid)),
        deleteTo: (pid, sn) => alive(() => store.journal.deleteTo(pid, sn)),
      },
      snapshots: {
        ...store.snapshots,
        latest: (pid, maxSn) => alive(() => store.snapshots.latest(pid, maxSn)),
        save: (snapshot) => alive(() => store.snapshots.save(snapshot)),
        deleteBelow: (pid, sn) => alive(() => store.snapshots.deleteBelow(pid, sn)),
      },
    };
  }

  #append(entries: readonly JournalEntry[]): Promise<void> {
    const written = this.#write(entries);
    if (this.#ground.breaks !== 'reply-before-append') return written;
    written.catch(() => undefined);
    return Promise.resolve();
  }

  async #write(entries: readonly JournalEntry[]): Promise<void> {
    const ground = this.#ground;
    const { store } = ground;
    if (this.#isDead) return this.#closed();
    await ground.gate();
    if (this.#isDead && !this.#landsOnDeath) return this.#closed();
    try {
      await store.journal.append(entries);
    } finally {
      for (const entry of entries) if (store.entries.get(entry.pid)?.includes(entry)) ground.wrote(entry);
    }
    if (this.#isDead) return this.#closed();
  }

  #closed(): Promise<never> {
    return Promise.reject(new StoreError('closed', 'the process has died'));
  }

  #clock(): Clock {
    const { clock } = this.#ground;
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, task) => {
        if (this.#isDead) return () => undefined;
        const cancel = clock.after(delayMs, () => {
          this.#timers.delete(cancel);
          task();
        });
        this.#timers.add(cancel);
        return () => {
          this.#timers.delete(cancel);
          cancel();
        };
      },
    };
  }

  #clients(): ClientSessions {
    const { sessions } = this.#ground;
    return {
      validate: (connection) => sessions.validate(connection),
      monitor: (connectionId) => sessions.monitor(connectionId),
      forget: (connectionId) => sessions.forget(connectionId),
      test: (connection) => sessions.test(connection),
      create: (connection, clientIndex) => {
        if (this.#isDead) return deadSession(sessions, connection.id);
        const session = sessions.create(connection, clientIndex);
        this.#sessions.push(session);
        return session;
      },
    };
  }

  #coordinator(): ShardCoordinator {
    const lease: Lease = {
      shard: 0,
      epoch: this.#epoch,
      valid: () => this.#holdsLease && !this.#isDead,
      lost: this.#lost.signal,
    };
    const here = { nodeId: `p${this.#epoch}` };
    return {
      start: (owner) => {
        this.#owner = owner;
        return owner.acquired(lease);
      },
      locate: () => Promise.resolve({ ...here, local: true }),
      members: () => Promise.resolve([here]),
      stop: async () => {
        await this.#owner?.revoked(0, 'shutdown');
      },
    };
  }
}

function deadSession(sessions: FakeSessions, connectionId: string): ClientSession {
  return {
    open: () => new Promise(() => undefined),
    close: () => Promise.resolve(),
    abort: () => undefined,
    status: () => [],
    monitor: sessions.monitor(connectionId),
  };
}
