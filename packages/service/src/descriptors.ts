import { readdirSync, readFileSync } from 'node:fs';
import type { Clock, ConnectionClient, ProtocolAdapter } from '@hawser/core';

/** Left for HTTP, the store, and the processes that it starts. */
const RESERVED = 64;
/** Counting costs time in a process with thousands of sockets; between two counts what was opened is added. */
const COUNT_EVERY_MS = 100;

/** How many files and sockets this process may still open. */
export interface Descriptors {
  /** Infinity where the system does not tell. */
  free(): number;
}

/** What Linux says of this process. */
export function processDescriptors(): Descriptors {
  const limit = limitOf('/proc/self/limits');
  return { free: () => limit - countOf('/proc/self/fd') };
}

/**
 * Clients that are not opened while few descriptors are left: they fail with EMFILE and come back after their back-off.
 * Without this they would take the last ones, and HTTP and the store would be refused instead.
 */
export class DescriptorReserve {
  readonly #descriptors: Descriptors;
  readonly #clock: Clock;
  #free = 0;
  /** Asked for a descriptor that a count may not show yet: while names are looked up there is no socket. */
  #opening = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(descriptors: Descriptors, clock: Clock) {
    this.#descriptors = descriptors;
    this.#clock = clock;
  }

  guard(adapter: ProtocolAdapter): ProtocolAdapter {
    return {
      ...adapter,
      createClient: (connection, events, context) =>
        this.#guarded(adapter.createClient(connection, events, context)),
      test: (connection, context) => this.#within(() => adapter.test(connection, context)),
    };
  }

  /** Only `open` is looked at: whatever a message passes is the client's own. */
  #guarded(client: ConnectionClient): ConnectionClient {
    const open = client.open.bind(client);
    return Object.assign(client, { open: () => this.#within(open) });
  }

  /** @throws Error with code EMFILE when too few descriptors are left */
  async #within(opening: () => Promise<void>): Promise<void> {
    this.#take();
    this.#opening++;
    try {
      await opening();
    } finally {
      this.#opening--;
    }
  }

  #take(): void {
    const now = this.#clock.monotonic();
    if (now - this.#countedAt >= COUNT_EVERY_MS) {
      this.#free = this.#descriptors.free() - this.#opening;
      this.#countedAt = now;
    }
    if (this.#free <= RESERVED)
      throw Object.assign(new Error('too many open files: raise the limit of the process (ulimit -n)'), {
        code: 'EMFILE',
      });
    this.#free--;
  }
}

function limitOf(path: string): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync(path, 'utf8')) ?? [];
    return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function countOf(path: string): number {
  try {
    return readdirSync(path).length;
  } catch {
    return 0;
  }
}
