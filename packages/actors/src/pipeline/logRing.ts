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

/** Which ring an entry belongs to. */
export type LogKind = Pick<LogRecord, 'category' | 'type' | 'level' | 'address'>;

interface Slot {
  message: string;
  correlationId: string | undefined;
  entityType: string | undefined;
  entityId: string | undefined;
  atMs: number;
  /** Tells apart what happened in one millisecond. */
  order: number;
}

let order = 0;

/** The newest entries of one category, type, address and level. Its slots are written over in place: it makes no garbage. */
export class LogRing {
  readonly #kind: LogKind;
  readonly #capacity: number;
  #slots: Slot[] = [];
  #next = 0;

  constructor(kind: LogKind, capacity: number) {
    this.#kind = kind;
    this.#capacity = Math.max(1, capacity);
  }

  add(
    message: string,
    atMs: number,
    correlationId: string | undefined,
    entityType: string | undefined,
    entityId: string | undefined,
  ): void {
    const slot = this.#slots[this.#next];
    if (slot === undefined) {
      this.#slots.push({ message, correlationId, entityType, entityId, atMs, order: order++ });
    } else {
      slot.message = message;
      slot.correlationId = correlationId;
      slot.entityType = entityType;
      slot.entityId = entityId;
      slot.atMs = atMs;
      slot.order = order++;
    }
    this.#next = (this.#next + 1) % this.#capacity;
  }

  clear(): void {
    this.#slots = [];
    this.#next = 0;
  }

  records(): readonly (LogRecord & { readonly order: number })[] {
    return this.#slots.map((slot) => ({ ...this.#kind, ...slot }));
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
      const capacity = level === 'success' ? this.#limits.successCapacity : this.#limits.failureCapacity;
      ring = new LogRing({ category, type, level, address }, capacity);
      this.#rings.set(key, ring);
    }
    return ring;
  }

  add(record: LogRecord): void {
    const { category, type, level, address, message, atMs, correlationId, entityType, entityId } = record;
    this.ring(category, type, level, address).add(message, atMs, correlationId, entityType, entityId);
  }

  clear(): void {
    for (const ring of this.#rings.values()) ring.clear();
  }

  /** Oldest first; the oldest are left out when all together are too long. */
  entries(): readonly JsonObject[] {
    const newestFirst = [...this.#rings.values()]
      .flatMap((ring) => ring.records())
      .sort((a, b) => b.atMs - a.atMs || b.order - a.order);
    const taken: JsonObject[] = [];
    let size = 0;
    for (const record of newestFirst) {
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
