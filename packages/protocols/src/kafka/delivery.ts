import type { ClientContext, ClientEvents, Settlement, Source, SourceOrigin } from '@hawser/core';
import type { KafkaMessage } from 'kafkajs';
import type { Assignment } from './assignment.ts';
import { isExpired, KafkaRecord } from './headers.ts';
import type { Delivered } from './offsetWindow.ts';
import type { KafkaSettings } from './settings.ts';
import { Throttle } from './throttle.ts';

export interface DeliveryOptions {
  readonly source: Source;
  readonly topic: string;
  readonly settings: KafkaSettings;
  readonly events: ClientEvents;
  readonly context: ClientContext;
  /** A record can be committed. */
  readonly onSettled: () => void;
  /** There may be room for more. */
  readonly onRoom: () => void;
  readonly onRedeliver: (assignment: Assignment) => void;
}

/** Hands records on as messages, so many at a time, and hears what becomes of them. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #throttle: Throttle;
  readonly #origin: SourceOrigin;
  /** Else at most once: a record counts as settled when it is handed on. */
  readonly #isAtLeastOnce: boolean;
  /** Unsettled records, those of earlier assignments too. */
  #unsettled = 0;
  #isEnded = false;

  constructor(options: DeliveryOptions) {
    const { source, topic, settings, context } = options;
    this.#options = options;
    this.#throttle = new Throttle(settings.throttling, context.clock);
    this.#origin = { sourceIndex: source.index, configuredAddress: topic, address: topic };
    this.#isAtLeastOnce = source.qos === 1;
  }

  hasRoom({ span }: Assignment): boolean {
    const underWay = this.#isAtLeastOnce ? Math.max(this.#unsettled, span) : this.#unsettled;
    return underWay < this.#options.settings.maxInFlight && this.#throttle.mayPass();
  }

  /** How long to wait before it is worth looking for room again, when nothing is settled; `maxMs` at most. */
  waitMs(maxMs: number): number {
    return this.#throttle.waitMs(maxMs);
  }

  /** What is settled from now on is settled for nobody. */
  end(): void {
    this.#isEnded = true;
  }

  deliver(assignment: Assignment, partition: number, raw: KafkaMessage): void {
    const { events, context } = this.#options;
    const delivered = assignment.deliver(partition, Number(raw.offset));
    const record = this.#recordOf(raw);
    if (record === undefined || isExpired(record.headers, context.clock.now())) {
      this.#settled(assignment, partition, delivered);
      return;
    }
    this.#unsettled++;
    this.#throttle.passed();
    if (!this.#isAtLeastOnce) this.#settled(assignment, partition, delivered);
    events.message(record, this.#origin, (outcome) => {
      this.#unsettled--;
      if (this.#isAtLeastOnce) this.#settle(assignment, partition, delivered, outcome);
      this.#options.onRoom();
    });
  }

  /** Undefined for one that is too large: it would be as large the next time. */
  #recordOf(raw: KafkaMessage): KafkaRecord | undefined {
    const { events, topic, context } = this.#options;
    const bytes = raw.value?.length ?? 0;
    if (bytes > context.maxInboundBytes) {
      const limit = context.maxInboundBytes;
      events.refused?.(this.#origin, new Error(`Kafka record of more than ${limit} bytes refused`));
      return undefined;
    }
    const record = new KafkaRecord(topic, raw);
    if (record.hasDuplicates)
      events.note?.(
        'failure',
        `Dropped duplicated headers in record from topic ${topic} at offset #${raw.offset}`,
      );
    return record;
  }

  #settle(assignment: Assignment, partition: number, delivered: Delivered, outcome: Settlement): void {
    if (assignment.isEnded || this.#isEnded) return; // It comes again, to us or to another member.
    const { events, onRedeliver } = this.#options;
    if (outcome === 'redeliver') {
      events.acknowledged?.(this.#origin, false, 'Message was rejected and redelivery is requested');
      onRedeliver(assignment);
      return;
    }
    const isAccepted = outcome === 'accepted';
    this.#settled(assignment, partition, delivered);
    events.acknowledged?.(
      this.#origin,
      isAccepted,
      isAccepted
        ? 'Successfully acknowledged incoming signal.'
        : 'Message was rejected and no redelivery is requested',
    );
  }

  #settled(assignment: Assignment, partition: number, delivered: Delivered): void {
    assignment.settle(partition, delivered);
    this.#options.onSettled();
  }
}
