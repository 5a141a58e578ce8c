import {
  type Clock,
  type Connection,
  type ConnectionMonitor,
  type ConnectionType,
  formatInstant,
  type JsonObject,
  type Settlement,
  type Tracer,
} from '@hawser/core';
import {
  ConnectionCounters,
  type InboundMetric,
  type Meter,
  type MeterTotal,
  type OutboundMetric,
} from './counters.ts';
import type { LogIdentity, LogSubject } from './logContext.ts';
import { callOfEntry } from './logEntries.ts';
import {
  ConnectionLog,
  type LogCall,
  type LogCategory,
  type LogKind,
  type LogLevel,
  type LogLimits,
  type LogPublish,
  type LogRing,
} from './logRing.ts';
import { LogTimings } from './logTimings.ts';
import { type ThrottleRule, throttlingText } from './throttling.ts';
import { Timings } from './timings.ts';

export interface MonitorOptions {
  readonly connectionId: string;
  readonly clock: Clock;
  readonly limits: LogLimits;
  /** What gets the entries of a logger, whether the connection's own log is muted or not (the Fluentd publisher). */
  readonly publishLog: ((kind: LogKind) => LogPublish | undefined) | undefined;
  /** Absent unless tracing is on. */
  readonly tracer?: Tracer | undefined;
  /** Where the time of log entries is noted, for all connections; absent: it is noted for this one alone. */
  readonly logTimings?: LogTimings | undefined;
  /** When a connection of a type counts as throttled. */
  readonly throttleRule: (type: ConnectionType) => ThrottleRule;
}

/** Somebody who reads a log while it is written. */
export interface Tail {
  call(call: LogCall): void;
  /** There will be no more. */
  ended(): void;
}

/** Counters, timings and log of one connection, written by its pipelines, read by its actor. */
export class Monitor implements ConnectionMonitor {
  readonly timings: Timings;
  /** Absent unless tracing is on. */
  readonly tracer: Tracer | undefined;
  readonly #options: MonitorOptions;
  readonly #log: ConnectionLog;
  readonly #logTimings: LogTimings;
  readonly #counters: ConnectionCounters;
  readonly #tails = new Set<Tail>();
  readonly #reportedStatuses = new Map<string, number>();
  #throttleRule: ThrottleRule | undefined;
  #inFlight = 0;
  #type: ConnectionType | undefined;
  /** Wall times, ms; absent while muted. */
  #enabled: { readonly sinceMs: number; readonly untilMs: number } | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.tracer = options.tracer;
    this.#log = new ConnectionLog(options.limits, options.publishLog);
    this.#counters = new ConnectionCounters(this.#log);
    this.timings = new Timings(() => options.clock.monotonic());
    this.#logTimings = options.logTimings ?? new LogTimings(() => options.clock.monotonic());
  }

  /** The clients of a connection start: its log begins anew, its counters go on. */
  initialise(connection: Connection): void {
    this.#log.clear();
    this.#type = connection.connectionType;
    this.#throttleRule = this.#options.throttleRule(connection.connectionType);
    this.#counters.initialise(connection);
  }

  /** Absent until a client has been started. */
  get connectionType(): ConnectionType | undefined {
    return this.#type;
  }

  /** Source messages that are not settled. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** @param inFlight of the client, this one included. @returns when it came, for `settled` */
  received(address: string, inFlight: number): number {
    this.#inFlight++;
    const max = this.#throttleRule?.maxInFlight;
    if (max !== undefined && inFlight > max) this.#throttled(address);
    return this.timings.now();
  }

  settled(outcome: Settlement, receivedAt: number): void {
    this.#inFlight--;
    this.timings.ackHandling[outcome].add(this.timings.now() - receivedAt);
  }

  /** Wall time, ms, for steps that follow one another at once. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Counts at a source address, and logs. */
  inbound(
    metric: InboundMetric,
    address: string,
    ok: boolean,
    text: string,
    subject: LogSubject,
    nowMs = this.now(),
  ): void {
    const meter = this.#counters.meter('inbound', metric, address);
    this.#count(meter, ok, text, subject, nowMs);
    const limit = this.#throttleRule;
    if (limit?.metric === metric && meter !== undefined && meter.success.inSlot > limit.perSlot)
      this.#throttled(address);
  }

  /** Counts at a target address (or the one of all replies), and logs. */
  outbound(
    metric: OutboundMetric,
    address: string,
    ok: boolean,
    text: string,
    subject: LogSubject,
    nowMs = this.now(),
  ): void {
    this.#count(this.#counters.meter('outbound', metric, address), ok, text, subject, nowMs);
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
    const ring = this.#log.ring(category, type, ok ? 'success' : 'failure', address);
    this.#record(ring, text, undefined, subject, this.now());
  }

  /**
   * A live response that is none: one that cannot be read counts at its source, one that does not fit its command is
   * logged alone. Ditto's entry shows neither address nor message.
   */
  invalidLiveResponse(text: string, identity: LogIdentity, address?: string): void {
    const nowMs = this.now();
    if (address !== undefined) this.#counters.meter('inbound', 'dropped', address)?.failure.hit(nowMs);
    const ring = this.#log.ring('response', 'dropped', 'failure', undefined);
    this.#record(ring, text, identity, undefined, nowMs);
  }

  logConnection(level: LogLevel, message: string): void {
    this.logOnly('connection', 'other', level === 'success', message, undefined, undefined);
  }

  addLogEntry(entry: JsonObject): void {
    const nowMs = this.now();
    const { kind, message, identity, atMs } = callOfEntry(entry, nowMs);
    const ring = this.#log.ring(kind.category, kind.type, kind.level, kind.address);
    this.#record(ring, message, identity, undefined, atMs, nowMs);
  }

  resetMetrics(): void {
    this.#counters.reset();
  }

  resetLogs(correlationId?: string): void {
    this.#log.clear();
    const ring = this.#log.ring('connection', 'other', 'success', undefined);
    const identity = { correlationId, entityType: 'connection', entityId: this.#options.connectionId };
    this.#record(ring, 'Successfully reset the logs.', identity, undefined, this.now());
  }

  enableLogs(untilMs: number): void {
    this.#enabled = { sinceMs: this.now(), untilMs };
  }

  muteLogs(): void {
    this.#enabled = undefined;
    this.#log.clear();
  }

  /** Every log call from now on goes to `tail` too, also while the log is muted, until the returned function is called. */
  tail(tail: Tail): () => void {
    this.#tails.add(tail);
    return () => this.#tails.delete(tail);
  }

  /** The connection is gone, or the process ends. */
  endTails(): void {
    for (const tail of this.#tails) tail.ended();
    this.#tails.clear();
  }

  statusReported(status: string): void {
    this.#reportedStatuses.set(status, (this.#reportedStatuses.get(status) ?? 0) + 1);
  }

  /** How often each live status was found since the process has started. */
  get reportedStatuses(): ReadonlyMap<string, number> {
    return this.#reportedStatuses;
  }

  metrics(): JsonObject {
    return this.#counters.toJson(this.now());
  }

  totals(): readonly MeterTotal[] {
    return this.#counters.totals();
  }

  logs(): JsonObject {
    this.#isLogging(this.now());
    return {
      connectionLogs: this.#log.entries(this.#logTimings.prepared),
      enabledSince: this.#enabled === undefined ? null : formatInstant(this.#enabled.sinceMs),
      enabledUntil: this.#enabled === undefined ? null : formatInstant(this.#enabled.untilMs),
    };
  }

  #throttled(address: string): void {
    const meter = this.#counters.meter('inbound', 'throttled', address);
    if (meter === undefined) return;
    const nowMs = this.now();
    const before = meter.failure.total;
    meter.failure.hit(nowMs);
    if (meter.failure.total === before) return;
    this.#record(meter.failureLog, throttlingText(address), undefined, undefined, nowMs);
  }

  #isLogging(nowMs: number): boolean {
    if (this.#enabled === undefined) return false;
    if (nowMs < this.#enabled.untilMs) return true;
    this.muteLogs();
    return false;
  }

  #count(meter: Meter | undefined, ok: boolean, text: string, subject: LogSubject, nowMs: number): void {
    if (meter === undefined) return;
    (ok ? meter.success : meter.failure).hit(nowMs);
    this.#record(ok ? meter.successLog : meter.failureLog, text, undefined, subject, nowMs);
  }

  #record(
    ring: LogRing,
    message: string,
    identity: LogIdentity | undefined,
    subject: LogSubject,
    atMs: number,
    nowMs = atMs,
  ): void {
    let call: LogCall | undefined;
    if (this.#isLogging(nowMs)) {
      const startedAt = this.#logTimings.stored.begin();
      call = ring.add(message, identity, subject, atMs);
      this.#logTimings.stored.end(startedAt);
    }
    const { kind, publish } = ring;
    if (publish !== undefined) publish(call ?? { kind, message, identity, subject, atMs });
    if (this.#tails.size === 0) return;
    const kept = { kind, message, identity, subject, atMs };
    for (const tail of this.#tails) tail.call(kept);
  }
}
