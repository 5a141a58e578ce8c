import { type Connection, formatInstant, type JsonObject } from '@hawser/core';
import { SlidingCounter, type WindowCounts } from './slidingCounter.ts';

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

interface Counted {
  readonly success: SlidingCounter;
  readonly failure: SlidingCounter;
}

type AddressCounters = Map<string, Counted>;

/** All counters of one connection in this process (spec 05, 2): plain memory beside the pipeline. */
export class ConnectionCounters {
  readonly #addresses: Readonly<Record<Direction, Map<string, AddressCounters>>> = {
    inbound: new Map(),
    outbound: new Map(),
  };

  /** Every address of the connection is shown from the start, with zeros. */
  initialise(connection: Connection): void {
    for (const { addresses } of connection.sources) {
      for (const address of addresses) this.#counters('inbound', address);
    }
    for (const { address } of connection.targets) this.#counters('outbound', address);
    this.#counters('outbound', responsesAddress);
  }

  hit(
    direction: Direction,
    metric: InboundMetric | OutboundMetric,
    address: string,
    ok: boolean,
    nowMs: number,
  ): void {
    const counted = this.#counters(direction, address).get(metric);
    (ok ? counted?.success : counted?.failure)?.hit(nowMs);
  }

  reset(): void {
    for (const { success, failure } of this.#all()) {
      success.reset();
      failure.reset();
    }
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

  #counters(direction: Direction, address: string): AddressCounters {
    const known = this.#addresses[direction].get(address);
    if (known !== undefined) return known;
    const metrics = direction === 'inbound' ? inboundMetrics : outboundMetrics;
    const fresh: AddressCounters = new Map(
      metrics.map((metric) => [metric, { success: new SlidingCounter(), failure: new SlidingCounter() }]),
    );
    this.#addresses[direction].set(address, fresh);
    return fresh;
  }

  #all(): Counted[] {
    const { inbound, outbound } = this.#addresses;
    return [...inbound.values(), ...outbound.values()].flatMap((counters) => [...counters.values()]);
  }
}

function byAddress(addresses: ReadonlyMap<string, AddressCounters>, nowMs: number): JsonObject | null {
  if (addresses.size === 0) return null;
  return Object.fromEntries(
    [...addresses].map(([address, counters]) => [
      address === '' ? '<empty>' : address,
      Object.fromEntries(
        [...counters].map(([metric, { success, failure }]) => [
          metric,
          countedJson([success], [failure], nowMs),
        ]),
      ),
    ]),
  );
}

function totals(addresses: ReadonlyMap<string, AddressCounters>, nowMs: number): JsonObject | null {
  const [first] = addresses.values();
  if (first === undefined) return null;
  const all = [...addresses.values()];
  return Object.fromEntries(
    [...first.keys()].map((metric) => {
      const counted = all.flatMap((counters) => counters.get(metric) ?? []);
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

function countedJson(
  success: readonly SlidingCounter[],
  failure: readonly SlidingCounter[],
  nowMs: number,
): JsonObject {
  return { success: sumJson(success, nowMs), failure: sumJson(failure, nowMs) };
}

function sumJson(counters: readonly SlidingCounter[], nowMs: number): JsonObject {
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
