import {
  type Clock,
  type Connection,
  type ConnectionMonitor,
  formatInstant,
  type JsonObject,
  type Signal,
} from '@hawser/core';
import { ConnectionCounters, type InboundMetric, type Meter, type OutboundMetric } from './counters.ts';
import {
  ConnectionLog,
  type LogCategory,
  type LogKind,
  type LogLevel,
  type LogLimits,
  type LogRecord,
  type LogRing,
} from './logRing.ts';

/** The signal or raw headers that a log entry speaks about. */
export type LogSubject = Signal | { readonly headers: Readonly<Record<string, string>> } | undefined;

export interface MonitorOptions {
  readonly clock: Clock;
  readonly limits: LogLimits;
  /** Gets every log call, whether the connection's own log is muted or not (the Fluentd publisher). */
  readonly publish: ((record: LogRecord) => void) | undefined;
}

/** Counters and log of one connection, written by its pipelines, read by its actor. */
export class Monitor implements ConnectionMonitor {
  readonly #options: MonitorOptions;
  readonly #log: ConnectionLog;
  readonly #counters: ConnectionCounters;
  /** Wall times, ms; absent while muted. */
  #enabled: { readonly sinceMs: number; readonly untilMs: number } | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#log = new ConnectionLog(options.limits);
    this.#counters = new ConnectionCounters(this.#log);
  }

  initialise(connection: Connection): void {
    this.#counters.initialise(connection);
  }

  /** Counts at a source address, and logs. */
  inbound(metric: InboundMetric, address: string, ok: boolean, text: string, subject: LogSubject): void {
    this.#count(this.#counters.meter('inbound', metric, address), ok, text, subject);
  }

  /** Counts at a target address (or the one of all replies), and logs. */
  outbound(metric: OutboundMetric, address: string, ok: boolean, text: string, subject: LogSubject): void {
    this.#count(this.#counters.meter('outbound', metric, address), ok, text, subject);
  }

  /** Logs without counting: mapping errors are not in Ditto's metrics. */
  logOnly(
    category: LogCategory,
    type: InboundMetric | OutboundMetric,
    ok: boolean,
    text: string,
    address: string | undefined,
    subject: LogSubject,
  ): void {
    const level = ok ? 'success' : 'failure';
    const ring = this.#log.ring(category, type, level, address);
    this.#record(ring, { category, type, level, address }, text, subject, this.#options.clock.now());
  }

  logConnection(level: LogLevel, message: string): void {
    this.logOnly('connection', 'other', level === 'success', message, undefined, undefined);
  }

  addLogEntry(entry: JsonObject): void {
    const text = (name: string): string | undefined => {
      const value = entry[name];
      return typeof value === 'string' ? value : undefined;
    };
    const category = text('category');
    const record: LogRecord = {
      category:
        category === 'source' || category === 'target' || category === 'response' ? category : 'connection',
      type: text('type') ?? 'other',
      level: text('level') === 'failure' ? 'failure' : 'success',
      message: text('message') ?? '',
      address: text('address'),
      correlationId: text('correlationId'),
      entityType: text('entityType'),
      entityId: text('entityId'),
      atMs: Date.parse(text('timestamp') ?? '') || this.#options.clock.now(),
    };
    this.#options.publish?.(record);
    if (this.#isLogging(this.#options.clock.now())) this.#log.add(record);
  }

  resetMetrics(): void {
    this.#counters.reset();
  }

  resetLogs(): void {
    this.#log.clear();
  }

  enableLogs(untilMs: number): void {
    this.#enabled = { sinceMs: this.#options.clock.now(), untilMs };
  }

  muteLogs(): void {
    this.#enabled = undefined;
    this.#log.clear();
  }

  metrics(): JsonObject {
    return this.#counters.toJson(this.#options.clock.now());
  }

  logs(): JsonObject {
    this.#isLogging(this.#options.clock.now());
    return {
      connectionLogs: this.#log.entries(),
      enabledSince: this.#enabled === undefined ? null : formatInstant(this.#enabled.sinceMs),
      enabledUntil: this.#enabled === undefined ? null : formatInstant(this.#enabled.untilMs),
    };
  }

  #isLogging(nowMs: number): boolean {
    if (this.#enabled === undefined) return false;
    if (nowMs < this.#enabled.untilMs) return true;
    this.muteLogs();
    return false;
  }

  #count(meter: Meter | undefined, ok: boolean, text: string, subject: LogSubject): void {
    if (meter === undefined) return;
    const nowMs = this.#options.clock.now();
    if (ok) {
      meter.success.hit(nowMs);
      this.#record(meter.successLog, meter.successKind, text, subject, nowMs);
    } else {
      meter.failure.hit(nowMs);
      this.#record(meter.failureLog, meter.failureKind, text, subject, nowMs);
    }
  }

  #record(ring: LogRing, kind: LogKind, message: string, subject: LogSubject, atMs: number): void {
    const { publish } = this.#options;
    const isLogging = this.#isLogging(atMs);
    if (!isLogging && publish === undefined) return;
    const signal = subject !== undefined && 'kind' in subject ? subject : undefined;
    const correlationId = subject?.headers['correlation-id'];
    const entityId = signal?.entityId;
    const entityType = entityId === undefined ? undefined : signal?.entityType;
    if (isLogging) ring.add(message, atMs, correlationId, entityType, entityId);
    publish?.({ ...kind, message, atMs, correlationId, entityType, entityId });
  }
}
