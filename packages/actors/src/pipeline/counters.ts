import { type Connection, formatInstant, type JsonObject } from '@hawser/core';
import type { ConnectionLog, LogRing } from './logRing.ts';
import { MinuteCounter } from './minuteCounter.ts';
import { type Counter, SlidingCounter, type WindowCounts } from './slidingCounter.ts';

export const inboundMetrics = [
  'consumed',
  'mapped',
  'other',
  'dropped',
  'enforced',
  'acknowledged',
  'throttled',
] as const;
export const outboundMetrics = [
  'dispatched',
  'filtered',
  'mapped',
  'other',
  'dropped',
  'published',
  'acknowledged',
] as const;
export type InboundMetric = (typeof inboundMetrics)[number];
export type OutboundMetric = (typeof outboundMetrics)[number];
export type Direction = 'inbound' | 'outbound';

/** The pseudo target of all replies. */
export const responsesAddress = '_responses';

/** What is counted and logged of one kind at one address. */
export interface Meter {
  readonly success: Counter;
  readonly failure: Counter;
  readonly successLog: LogRing;
  readonly failureLog: LogRing;
}

/** Events of one kind since the process has started, over all addresses. */
export interface MeterTotal {
  readonly direction: Direction;
  readonly metric: string;
  readonly success: number;
  readonly failure: number;
}

type AddressMeters = Readonly<Record<string, Meter>>;

/** The meters that were asked for last: message after message goes from and to the same addresses. */
interface LastMeters {
  readonly address: string;
  readonly meters: AddressMeters;
}

/** All counters of one connection in this process (spec 05, 2): plain memory beside the pipeline. */
export class ConnectionCounters {
  readonly #log: ConnectionLog;
  readonly #addresses: Readonly<Record<Direction, Map<string, AddressMeters>>> = {
    inbound: new Map(),
    outbound: new Map(),
  };
  readonly #last: Record<Direction, LastMeters | undefined> = { inbound: undefined, outbound: undefined };

  /** @param log where the meters' rings belong to */
  constructor(log: ConnectionLog) {
    this.#log = log;
  }

  /** Every address of the connection is shown from the start, with zeros. */
  initialise(connection: Connection): void {
    for (const { addresses } of connection.sources) {
      for (const address of addresses) this.#meters('inbound', address);
    }
    for (const { address } of connection.targets) this.#meters('outbound', address);
    this.#meters('outbound', responsesAddress);
  }

  meter(direction: Direction, metric: InboundMetric | OutboundMetric, address: string): Meter | undefined {
    let last = this.#last[direction];
    if (last?.address !== address) {
      last = { address, meters: this.#meters(direction, address) };
      this.#last[direction] = last;
    }
    return last.meters[metric];
  }

  reset(): void {
    for (const { success, failure } of this.#all()) {
      success.reset();
      failure.reset();
    }
  }

  totals(): readonly MeterTotal[] {
    const sums = new Map<
      string,
      { direction: Direction; metric: string; success: number; failure: number }
    >();
    for (const direction of ['inbound', 'outbound'] as const) {
      for (const meters of this.#addresses[direction].values()) {
        for (const [metric, { success, failure }] of Object.entries(meters)) {
          const sum = sums.get(`${direction} ${metric}`) ?? { direction, metric, success: 0, failure: 0 };
          sum.success += success.total;
          sum.failure += failure.total;
          sums.set(`${direction} ${metric}`, sum);
        }
      }
    }
    return [...sums.values()];
  }

  /** Members of the metrics response after `connectionId`. */
  toJson(nowMs: number): JsonObject {
    const { inbound, outbound } = this.#addresses;
    return {
      connectionMetrics: { inbound: totals(inbound, nowMs), outbound: totals(outbound, nowMs) },
      containsFailures: this.#all().some(({ failure }) => failure.counts(nowMs).PT24H > 0),
      sourceMetrics: { addressMetrics: byAddress(inbound, nowMs) },
      targetMetrics: { addressMetrics: byAddress(outbound, nowMs) },
    };
  }

  #meters(direction: Direction, address: string): AddressMeters {
    const known = this.#addresses[direction].get(address);
    if (known !== undefined) return known;
    const isInbound = direction === 'inbound';
    const category = isInbound ? 'source' : address === responsesAddress ? 'response' : 'target';
    const fresh: AddressMeters = Object.fromEntries(
      (isInbound ? inboundMetrics : outboundMetrics).map((metric) => [
        metric,
        {
          success: new SlidingCounter(),
          failure: metric === 'throttled' ? new MinuteCounter() : new SlidingCounter(),
          successLog: this.#log.ring(category, metric, 'success', address),
          failureLog: this.#log.ring(category, metric, 'failure', address),
        },
      ]),
    );
    this.#addresses[direction].set(address, fresh);
    return fresh;
  }

  #all(): Meter[] {
    const { inbound, outbound } = this.#addresses;
    return [...inbound.values(), ...outbound.values()].flatMap((meters) => Object.values(meters));
  }
}

function byAddress(addresses: ReadonlyMap<string, AddressMeters>, nowMs: number): JsonObject | null {
  if (addresses.size === 0) return null;
  return Object.fromEntries(
    [...addresses].map(([address, counters]) => [
      address === '' ? '<empty>' : address,
      Object.fromEntries(
        Object.entries(counters).map(([metric, { success, failure }]) => [
          metric,
          countedJson([success], [failure], nowMs),
        ]),
      ),
    ]),
  );
}

function totals(addresses: ReadonlyMap<string, AddressMeters>, nowMs: number): JsonObject | null {
  const [first] = addresses.values();
  if (first === undefined) return null;
  const all = [...addresses.values()];
  return Object.fromEntries(
    Object.keys(first).map((metric) => {
      const counted = all.flatMap((counters) => counters[metric] ?? []);
      return [
        metric,
        countedJson(
          counted.map(({ success }) => success),
          counted.map(({ failure }) => failure),
          nowMs,
        ),
      ];
    }),
  );
}

function countedJson(success: readonly Counter[], failure: readonly Counter[], nowMs: number): JsonObject {
  return { success: sumJson(success, nowMs), failure: sumJson(failure, nowMs) };
}

function sumJson(counters: readonly Counter[], nowMs: number): JsonObject {
  const sum = { PT1M: 0, PT1H: 0, PT24H: 0 };
  let lastMs: number | undefined;
  for (const counter of counters) {
    const counts: WindowCounts = counter.counts(nowMs);
    sum.PT1M += counts.PT1M;
    sum.PT1H += counts.PT1H;
    sum.PT24H += counts.PT24H;
    if (counter.lastMs !== undefined) lastMs = Math.max(lastMs ?? 0, counter.lastMs);
  }
  return { ...sum, lastMessageAt: lastMs === undefined ? null : formatInstant(lastMs) };
}
