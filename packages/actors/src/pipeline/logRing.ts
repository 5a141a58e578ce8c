import { formatInstant, type JsonObject } from '@hawser/core';

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

let order = 0;

/** The newest entries of one category, type, address and level. */
export class LogRing {
  readonly #capacity: number;
  #records: Numbered[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
  }

  add(record: LogRecord): void {
    this.#records[this.#next] = { record, order: order++ };
    this.#next = (this.#next + 1) % this.#capacity;
  }

  clear(): void {
    this.#records = [];
    this.#next = 0;
  }

  get records(): readonly Numbered[] {
    return this.#records;
  }
}

/** The log entries of one connection (spec 05, 3.2). */
export class ConnectionLog {
  readonly #limits: LogLimits;
  readonly #rings = new Map<string, LogRing>();

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  ring(category: LogCategory, type: string, level: LogLevel, address: string | undefined): LogRing {
    const key = `${category}\n${type}\n${level}\n${address ?? ''}`;
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      ring = new LogRing(level === 'success' ? this.#limits.successCapacity : this.#limits.failureCapacity);
      this.#rings.set(key, ring);
    }
    return ring;
  }

  add(record: LogRecord): void {
    this.ring(record.category, record.type, record.level, record.address).add(record);
  }

  clear(): void {
    for (const ring of this.#rings.values()) ring.clear();
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
