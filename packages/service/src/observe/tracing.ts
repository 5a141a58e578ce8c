import { randomFillSync } from 'node:crypto';
import type { Clock, Log, Span, Tracer } from '@hawser/core';

export interface TracingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly serviceName: string;
  readonly instance: string;
  /** Share of the traces that begin here and are kept, 0 to 1. What a message brings decides for itself. */
  readonly ratio: number;
  /** Most spans that wait. */
  readonly maxSpans: number;
  /** Sends a request of OTLP over HTTP in JSON. */
  readonly send: (body: string) => Promise<void>;
}

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what waits. */
  close(): Promise<void>;
}

const exportEveryMs = 1_000;
const saysDroppedEveryMs = 10_000;
const sampledFlag = 1;
const spanKindInternal = 1;
const ok = 1;
const failed = 2;

type Attributes = Readonly<Record<string, string | number>>;

/** Spans in the JSON of OTLP, gathered and sent now and then; when the collector does not take them they are dropped. */
export function createTracing(options: TracingOptions): Tracing {
  const exporter = new Exporter(options);
  return {
    tracer: { start: (name, parent, attributes) => startSpan(options, exporter, name, parent, attributes) },
    close: () => exporter.flush(),
  };
}

interface Context {
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
  readonly isSampled: boolean;
}

function startSpan(
  { clock, ratio }: TracingOptions,
  exporter: Exporter,
  name: string,
  parent: string | undefined,
  attributes: Attributes,
): Span {
  const { traceId, parentSpanId, isSampled } = contextOf(parent) ?? newTrace(ratio);
  // nobody sees a span that is not kept: what follows it belongs to its parent
  if (!isSampled && parentSpanId !== undefined && parent !== undefined) return passedOn(parent);
  const spanId = randomHex(8);
  const startMs = clock.now();
  const startedAt = clock.monotonic();
  return {
    traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`,
    end(error) {
      if (!isSampled) return;
      exporter.add({
        traceId,
        spanId,
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
        name,
        kind: spanKindInternal,
        startTimeUnixNano: nanoseconds(startMs),
        endTimeUnixNano: nanoseconds(startMs + clock.monotonic() - startedAt),
        attributes: attributesOf(attributes),
        status: error === undefined ? { code: ok } : { code: failed, message: messageOf(error) },
      });
    },
  };
}

const passedOn = (traceparent: string): Span => ({ traceparent, end: () => undefined });

/** W3C trace context; a version after ours is read like it. */
function contextOf(traceparent: string | undefined): Context | undefined {
  const found = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-|$)/.exec(traceparent ?? '');
  const [, traceId = '', parentSpanId = '', flags = ''] = found ?? [];
  if (found === null || traceparent?.startsWith('ff') || /^0+$/.test(traceId) || /^0+$/.test(parentSpanId))
    return undefined;
  return { traceId, parentSpanId, isSampled: (Number.parseInt(flags, 16) & sampledFlag) === sampledFlag };
}

function newTrace(ratio: number): Context {
  const traceId = randomHex(16);
  const isSampled = Number.parseInt(traceId.slice(-8), 16) < ratio * 2 ** 32;
  return { traceId, parentSpanId: undefined, isSampled };
}

/** Random bytes are made in advance: each call of the system costs as much as a stage of a message. */
const pool = Buffer.alloc(4_096);
let poolAt = pool.length;

function randomHex(bytes: number): string {
  if (poolAt + bytes > pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += bytes;
  return pool.toString('hex', poolAt - bytes, poolAt);
}

class Exporter {
  readonly #options: TracingOptions;
  #spans: object[] = [];
  #dropped = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  #isScheduled = false;

  constructor(options: TracingOptions) {
    this.#options = options;
  }

  add(span: object): void {
    if (this.#spans.length >= this.#options.maxSpans) this.#dropped++;
    else this.#spans.push(span);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.clock.after(exportEveryMs, () => {
      this.#isScheduled = false;
      void this.flush();
    });
  }

  async flush(): Promise<void> {
    const spans = this.#spans;
    this.#spans = [];
    if (spans.length > 0) {
      await this.#options.send(this.#bodyOf(spans)).catch((error: Error) => {
        this.#dropped += spans.length;
        this.#options.log.debug('the collector of traces takes none', { reason: error.message });
      });
    }
    this.#sayDropped();
  }

  #bodyOf(spans: readonly object[]): string {
    const { serviceName, instance } = this.#options;
    const resource = { 'service.name': serviceName, 'service.instance.id': instance };
    return JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: attributesOf(resource) },
          scopeSpans: [{ scope: { name: 'hawser' }, spans }],
        },
      ],
    });
  }

  #sayDropped(): void {
    const { clock, log } = this.#options;
    if (this.#dropped === 0 || clock.monotonic() - this.#saidAt < saysDroppedEveryMs) return;
    log.warn('spans were dropped', { dropped: this.#dropped });
    this.#dropped = 0;
    this.#saidAt = clock.monotonic();
  }
}

const attributesOf = (attributes: Attributes): readonly object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
  }));

const nanoseconds = (ms: number): string => (BigInt(Math.round(ms * 1_000)) * 1_000n).toString();

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
