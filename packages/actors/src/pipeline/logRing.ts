import { formatInstant, type JsonObject, type LogEntry, logEntryToJson } from '@hawser/core';
import { contextText, identityOf, type LogIdentity, type LogSubject } from './logContext.ts';
import { genericText, textsOf } from './logDefaults.ts';
import type { SampledTiming } from './logTimings.ts';

export type LogCategory = LogEntry['category'];
export type LogLevel = LogEntry['level'];

/** Which ring an entry belongs to. */
export interface LogKind {
  readonly category: LogCategory;
  readonly type: string;
  readonly level: LogLevel;
  readonly address: string | undefined;
}

/** One call of a connection's log, complete. */
export interface LogRecord extends LogKind, LogIdentity {
  readonly message: string;
  /** Wall time, ms. */
  readonly atMs: number;
}

/** One call of a connection's log as the pipeline makes it; turned into texts only when somebody wants them. */
export interface LogCall {
  readonly kind: LogKind;
  readonly message: string;
  /** Whom it belongs to, where that is known without a subject. */
  readonly identity: LogIdentity | undefined;
  readonly subject: LogSubject;
  readonly atMs: number;
}

/** Takes the entries of one logger elsewhere. The call is good until it returns. */
export type LogPublish = (call: LogCall) => void;

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

/** An entry as the connection's own log shows it. */
export function shownRecord(call: LogCall): LogRecord {
  const { kind, message, subject } = call;
  const isDebug = textsOf(kind.category, kind.type).isDebug;
  return recordOf(call, isDebug ? message + contextText(subject) : message);
}

/** The text of an entry as it is published. @param withContext headers and payload follow each text */
export function publishedText({ kind, message, identity, subject }: LogCall, withContext: boolean): string {
  const text = identity === undefined ? genericText(kind.category, kind.type, message) : message;
  return withContext ? text + contextText(subject) : text;
}

function recordOf({ kind, identity, subject, atMs }: LogCall, message: string): LogRecord {
  return { ...kind, ...(identity ?? identityOf(subject)), message, atMs };
}

/** Ditto's JSON of an entry. */
export function recordJson({ correlationId, atMs, type, ...rest }: LogRecord): JsonObject {
  return logEntryToJson({
    ...rest,
    type: type as LogEntry['type'],
    correlationId: correlationId ?? '<not-provided>',
    timestamp: formatInstant(atMs),
  });
}

type Slot = { -readonly [K in keyof LogCall]: LogCall[K] } & {
  /** Tells apart what happened in one millisecond. */
  order: number;
};

let order = 0;

/** The newest entries of one category, type, address and level. Its slots are written over in place: it makes no garbage. */
export class LogRing {
  readonly kind: LogKind;
  /** Absent: nobody but the connection's own log wants these. */
  readonly publish: LogPublish | undefined;
  readonly #capacity: number;
  #slots: Slot[] = [];
  #next = 0;

  constructor(kind: LogKind, capacity: number, publish: LogPublish | undefined) {
    this.kind = kind;
    this.publish = publish;
    this.#capacity = Math.max(1, capacity);
  }

  /** @returns the entry, until so many others have been added that its slot is written over */
  add(message: string, identity: LogIdentity | undefined, subject: LogSubject, atMs: number): LogCall {
    let slot = this.#slots[this.#next];
    if (slot === undefined) {
      slot = { kind: this.kind, message, identity, subject, atMs, order: order++ };
      this.#slots.push(slot);
    } else {
      slot.message = message;
      slot.identity = identity;
      slot.subject = subject;
      slot.atMs = atMs;
      slot.order = order++;
    }
    this.#next = (this.#next + 1) % this.#capacity;
    return slot;
  }

  clear(): void {
    this.#slots = [];
    this.#next = 0;
  }

  calls(): readonly (LogCall & { readonly order: number })[] {
    return this.#slots;
  }
}

/** The log entries of one connection (connectivity/service/.../monitoring/logs/ConnectionLoggerRegistry.java). */
export class ConnectionLog {
  readonly #limits: LogLimits;
  readonly #publisherOf: (kind: LogKind) => LogPublish | undefined;
  readonly #rings = new Map<string, LogRing>();

  constructor(limits: LogLimits, publisherOf: (kind: LogKind) => LogPublish | undefined = () => undefined) {
    this.#limits = limits;
    this.#publisherOf = publisherOf;
  }

  ring(category: LogCategory, type: string, level: LogLevel, address: string | undefined): LogRing {
    const key = `${category}\n${type}\n${level}\n${address ?? ''}`;
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      const capacity = level === 'success' ? this.#limits.successCapacity : this.#limits.failureCapacity;
      const kind: LogKind = { category, type, level, address };
      ring = new LogRing(kind, capacity, this.#publisherOf(kind));
      this.#rings.set(key, ring);
    }
    return ring;
  }

  clear(): void {
    for (const ring of this.#rings.values()) ring.clear();
  }

  /** Oldest first; the oldest are left out when all together are too long. */
  entries(prepared: SampledTiming): readonly JsonObject[] {
    const newestFirst = [...this.#rings.values()]
      .flatMap((ring) => ring.calls())
      .sort((a, b) => b.atMs - a.atMs || b.order - a.order);
    const taken: JsonObject[] = [];
    let size = 0;
    for (const call of newestFirst) {
      const startedAt = prepared.begin();
      const entry = recordJson(shownRecord(call));
      prepared.end(startedAt);
      size += JSON.stringify(entry).length;
      if (size > this.#limits.maxLogSizeBytes) break;
      taken.push(entry);
    }
    return taken.reverse();
  }
}
