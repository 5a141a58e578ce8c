import { formatInstant, type JsonObject, type Signal } from '@hawser/core';

export type LogCategory = 'source' | 'target' | 'response' | 'connection';
export type LogLevel = 'success' | 'failure';

/** One call of a connection's log; turned into JSON only when somebody asks. */
export interface LogRecord {
  readonly category: LogCategory;
  readonly type: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly address: string | undefined;
  readonly correlationId: string | undefined;
  readonly entityType: string | undefined;
  readonly entityId: string | undefined;
  readonly atMs: number;
}

export interface LogLimits {
  /** Newest entries kept of each level, per category, type and address. */
  readonly successCapacity: number;
  readonly failureCapacity: number;
  /** Characters of JSON of one answer. */
  readonly maxLogSizeBytes: number;
}

/** Ditto's defaults (`ditto.connectivity.monitoring.logger`). */
export const defaultLogLimits: LogLimits = {
  successCapacity: 10,
  failureCapacity: 10,
  maxLogSizeBytes: 250_000,
};

interface Numbered {
  readonly record: LogRecord;
  /** Tells apart what happened in one millisecond. */
  readonly order: number;
}

class Ring {
  readonly #capacity: number;
  readonly #records: Numbered[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
  }

  add(record: Numbered): void {
    this.#records[this.#next] = record;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  get records(): readonly Numbered[] {
    return this.#records;
  }
}

/** The log entries of one connection: a ring for each category, type, address and level (spec 05, 3.2). */
export class ConnectionLog {
  readonly #limits: LogLimits;
  readonly #rings = new Map<string, Ring>();
  #order = 0;

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  add(record: LogRecord): void {
    const { category, type, level, address } = record;
    const key = `${category}\n${type}\n${level}\n${address ?? ''}`;
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      ring = new Ring(level === 'success' ? this.#limits.successCapacity : this.#limits.failureCapacity);
      this.#rings.set(key, ring);
    }
    ring.add({ record, order: this.#order++ });
  }

  clear(): void {
    this.#rings.clear();
  }

  /** Oldest first; the oldest are left out when all together are too long. */
  entries(): readonly JsonObject[] {
    const newestFirst = [...this.#rings.values()]
      .flatMap(({ records }) => records)
      .sort((a, b) => b.record.atMs - a.record.atMs || b.order - a.order);
    const taken: JsonObject[] = [];
    let size = 0;
    for (const { record } of newestFirst) {
      const entry = recordJson(record);
      size += JSON.stringify(entry).length;
      if (size > this.#limits.maxLogSizeBytes) break;
      taken.push(entry);
    }
    return taken.reverse();
  }
}

/** What a signal tells about itself in a log entry. */
export function signalContext(signal: Signal): Pick<LogRecord, 'correlationId' | 'entityType' | 'entityId'> {
  return {
    correlationId: signal.headers['correlation-id'],
    entityType: signal.entityId === undefined ? undefined : signal.entityType,
    entityId: signal.entityId,
  };
}

export function recordJson(record: LogRecord): JsonObject {
  const { category, type, level, message, address, correlationId, entityType, entityId, atMs } = record;
  return {
    correlationId: correlationId ?? '<not-provided>',
    timestamp: formatInstant(atMs),
    category,
    type,
    level,
    message,
    ...(address === undefined ? {} : { address }),
    ...(entityType === undefined || entityId === undefined ? {} : { entityType, entityId }),
  };
}
