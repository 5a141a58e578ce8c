import type {
  CompiledConnection,
  CompiledTarget,
  OutboundOutcome,
  OutboundResult,
  Signal,
  Voyage,
} from '@hawser/core';
import { responsesAddress } from './counters.ts';
import { logTexts } from './logTexts.ts';
import { isPromise } from './maybePromise.ts';
import type { Monitor } from './monitor.ts';
import { OrderedStage, type Outcome } from './orderedStage.ts';
import type { Outbox, PublishOutcome } from './outbox.ts';

export interface OutboundOptions {
  readonly compiled: CompiledConnection;
  readonly outbox: Outbox;
  readonly monitor: Monitor;
  /** Signals mapped in parallel. */
  readonly parallelism: number;
}

interface Job {
  readonly signal: Signal;
  readonly voyage: Voyage | undefined;
  /** Counts and logs as a response, not at the target's address. */
  readonly isReply: boolean;
}

/** Signals on their way out through one client: mapping in order, then publishing (spec 08, 7.6). */
export class OutboundLine {
  readonly #options: OutboundOptions;
  readonly #stage: OrderedStage<readonly (readonly OutboundOutcome[])[]>;

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#stage = new OrderedStage(options.parallelism);
  }

  /** A signal that this connection subscribed to. */
  deliver(signal: Signal, voyage: Voyage | undefined): void {
    const { compiled, monitor } = this.#options;
    const targets = compiled.selectTargets(signal);
    if (targets.length === 0) return;
    for (const { target } of targets) {
      monitor.outbound('dispatched', target.address, true, logTexts.dispatched, signal);
      monitor.outbound('filtered', target.address, true, logTexts.filtered, signal);
    }
    this.#send(targets, { signal, voyage, isReply: false });
  }

  /** A response, error or acknowledgement for the source that named a reply target in the signal's headers. */
  reply(signal: Signal, voyage: Voyage | undefined): void {
    const { compiled, monitor } = this.#options;
    const index = signal.headers['ditto-reply-target'];
    const target = index === undefined ? undefined : compiled.replyTargets.get(Number(index));
    if (target === undefined) return;
    const ok = (signal.status ?? 200) < 300;
    const text = ok ? logTexts.responseDispatched : logTexts.responseUnsuccessful;
    monitor.outbound('dispatched', responsesAddress, ok, text, signal);
    if (!isExpected(signal)) {
      monitor.outbound('dropped', responsesAddress, true, logTexts.responseNotExpected, signal);
      return;
    }
    this.#send([target], { signal, voyage, isReply: true });
  }

  #send(targets: readonly CompiledTarget[], job: Job): void {
    job.voyage?.hold();
    this.#stage.run(
      () => mapAll(targets, job.signal),
      (outcome) => {
        this.#mapped(targets, job, outcome);
        job.voyage?.release();
      },
    );
  }

  #mapped(
    targets: readonly CompiledTarget[],
    job: Job,
    outcome: Outcome<readonly (readonly OutboundOutcome[])[]>,
  ): void {
    if (!('value' in outcome)) {
      for (const target of targets) this.#mappingFailed(target, job, outcome.error);
      return;
    }
    outcome.value.forEach((outcomes, i) => {
      const target = targets[i];
      if (target === undefined) return;
      for (const { mapper, results } of outcomes) {
        for (const result of results) this.#result(target, job, mapper, result);
      }
    });
  }

  #result(target: CompiledTarget, job: Job, mapper: string, result: OutboundResult): void {
    const { monitor, outbox } = this.#options;
    const address = addressOf(target, job);
    if ('error' in result) {
      this.#mappingFailed(target, job, result.error);
    } else if ('dropped' in result) {
      const text =
        result.dropped === 'mapper'
          ? logTexts.outboundDropped(mapper)
          : logTexts.addressUnresolved(result.detail);
      monitor.outbound('dropped', address, true, text, job.signal);
    } else {
      monitor.outbound('mapped', address, true, logTexts.outboundMapped(mapper), job.signal);
      job.voyage?.hold();
      outbox.publish(result.publish.target, result.publish.message, job.voyage !== undefined, (published) => {
        this.#published(address, job, published);
        job.voyage?.release();
      });
    }
  }

  #published(address: string, { signal }: Job, { error }: PublishOutcome): void {
    const isResponse = address === responsesAddress;
    const text =
      error === undefined
        ? isResponse
          ? logTexts.responsePublished
          : logTexts.published
        : isResponse
          ? logTexts.responsePublishFailed(error)
          : logTexts.publishFailed(error);
    this.#options.monitor.outbound('published', address, error === undefined, text, signal);
  }

  #mappingFailed(target: CompiledTarget, job: Job, error: unknown): void {
    this.#options.monitor.outbound(
      'other',
      addressOf(target, job),
      false,
      logTexts.outboundFailed(error),
      job.signal,
    );
  }
}

const addressOf = ({ target }: CompiledTarget, { isReply }: Job): string =>
  isReply ? responsesAddress : target.address;

/** Maps for all targets; a promise only if some mapper needs one. */
function mapAll(
  targets: readonly CompiledTarget[],
  signal: Signal,
): readonly (readonly OutboundOutcome[])[] | Promise<readonly (readonly OutboundOutcome[])[]> {
  const mapped = targets.map((target) => target.mapOutbound(signal));
  return mapped.some(isPromise) ? Promise.all(mapped) : (mapped as readonly (readonly OutboundOutcome[])[]);
}

/** Spec 08, 7.7: the kind of answer must be among the expected ones; without the header none is. */
function isExpected(signal: Signal): boolean {
  const expected = signal.headers['ditto-expected-response-types'];
  if (expected === undefined) return false;
  const isNack = signal.kind === 'acknowledgement' || signal.kind === 'acknowledgements';
  const type =
    signal.kind === 'error' ? 'error' : isNack && (signal.status ?? 0) >= 400 ? 'nack' : 'response';
  return expected.includes(`"${type}"`);
}
