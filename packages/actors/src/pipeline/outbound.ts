import {
  type CompiledConnection,
  type CompiledTarget,
  divertResponse,
  expectedResponseTypes,
  headerValue,
  isOwn,
  isReplyPublished,
  type MaybePromise,
  type OutboundOutcome,
  type OutboundResult,
  type ReaderView,
  responseTypeOf,
  type Signal,
  type TwinService,
  type Voyage,
} from '@hawser/core';
import type { AnswerDesk } from './answerDesk.ts';
import { countPublishes, type Publication, shared, type TargetMapping } from './answerShares.ts';
import { responsesAddress } from './counters.ts';
import { logTexts } from './logTexts.ts';
import { isPromise } from './maybePromise.ts';
import type { Monitor } from './monitor.ts';
import { OrderedStage, type Outcome } from './orderedStage.ts';
import type { Outbox, PublishOutcome } from './outbox.ts';
import type { OutgoingAcks } from './outgoingAcks.ts';
import type { PeerAnswers } from './peerAnswers.ts';
import { traced, withTrace } from './traced.ts';

export interface OutboundOptions {
  readonly compiled: CompiledConnection;
  readonly outbox: Outbox;
  readonly monitor: Monitor;
  readonly twin: TwinService;
  readonly desk: AnswerDesk;
  readonly acks: OutgoingAcks;
  readonly answers: PeerAnswers;
  /** Signals mapped in parallel. */
  readonly parallelism: number;
  /** A signal whose extra fields cannot be fetched leaves without them instead of failing. */
  readonly publishFailedEnrichments: boolean;
}

/** A signal and the targets that it is on its way to. */
interface Job {
  /** As it is to be mapped. */
  readonly signal: Signal;
  /** As it came: what it requests, and where the answers go. */
  readonly original: Signal;
  readonly targets: readonly CompiledTarget[];
  readonly voyage: Voyage | undefined;
  /** Absent: every target sees all of it. */
  readonly view: ReaderView | undefined;
  /** Counts and logs as a response, not at the target's address. */
  readonly isReply: boolean;
}

/** Signals on their way out through one client: mapping in order, then publishing (spec 08, 7.6). */
export class OutboundLine {
  readonly #options: OutboundOptions;
  readonly #stage: OrderedStage<readonly TargetMapping[]>;

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#stage = new OrderedStage(options.parallelism);
  }

  /** A signal that this connection subscribed to; `view` is what its targets see of it. Never throws. */
  deliver(signal: Signal, voyage: Voyage | undefined, view?: ReaderView): void {
    try {
      this.#deliver(signal, voyage, view);
    } catch (error) {
      this.#options.monitor.logConnection('failure', logTexts.outboundFailed(error));
    }
  }

  #deliver(signal: Signal, voyage: Voyage | undefined, view: ReaderView | undefined): void {
    const { compiled, monitor, acks } = this.#options;
    if (isOwn(signal, compiled.connection.id)) return;
    const nowMs = monitor.now();
    const targets = compiled.selectTargets(signal, ({ target }) =>
      monitor.outbound('dispatched', target.address, true, logTexts.dispatched, signal, nowMs),
    );
    if (targets.length === 0) {
      acks.issueWeak(signal, { kind: 'noTarget' });
      return;
    }
    for (const { target } of targets) {
      monitor.outbound('filtered', target.address, true, logTexts.filtered, signal, nowMs);
    }
    this.#send({ signal: acks.outgoing(signal), original: signal, targets, voyage, view, isReply: false });
  }

  /** A response, error or acknowledgement for the source that named a reply target in the signal's headers. */
  reply(answer: Signal, voyage: Voyage | undefined): void {
    const { compiled, monitor, desk } = this.#options;
    const { id, specificConfig } = compiled.connection;
    const responseType = responseTypeOf(answer) ?? 'response';
    const { divertedTo, publishedViaSource } = divertResponse(
      id,
      specificConfig,
      answer.headers,
      responseType,
    );
    if (divertedTo !== undefined) {
      const headers = { ...answer.headers, 'diverted-response-from-connection': id };
      desk.divert(divertedTo, { ...answer, headers });
    }
    if (!publishedViaSource) return;
    const index = headerValue(answer.headers, 'ditto-reply-target');
    const target = index === undefined ? undefined : compiled.replyTargets.get(Number(index));
    if (target === undefined) return;
    const ok = (answer.status ?? 200) < 300;
    const text = ok ? logTexts.responseDispatched : logTexts.responseUnsuccessful;
    monitor.outbound('dispatched', responsesAddress, ok, text, answer);
    const isPublished = isReplyPublished({
      responseType,
      expectedTypes: expectedResponseTypes(answer.headers),
      hasReplyTarget: true,
      // An answer that nobody required does not come so far.
      responseRequired: true,
    });
    if (!isPublished) {
      monitor.outbound('dropped', responsesAddress, true, logTexts.responseNotExpected, answer);
      return;
    }
    this.#send({
      signal: answer,
      original: answer,
      targets: [target],
      voyage,
      view: undefined,
      isReply: true,
    });
  }

  /** A signal that this connection has made itself, for the targets that ask for it. */
  announce(signal: Signal): void {
    const { compiled } = this.#options;
    const targets = compiled.selectTargets(signal);
    if (targets.length > 0) {
      this.#send({ signal, original: signal, targets, voyage: undefined, view: undefined, isReply: false });
    }
  }

  /** A response that was diverted to this connection, which has no reply target. */
  publishAtTargets(response: Signal): void {
    const { targets } = this.#options.compiled;
    this.#send({
      signal: response,
      original: response,
      targets,
      voyage: undefined,
      view: undefined,
      isReply: true,
    });
  }

  #send(job: Job): void {
    job.voyage?.hold();
    this.#stage.run(
      () => this.#mapAll(job),
      (outcome) => {
        try {
          this.#mapped(job, outcome);
        } catch (error) {
          this.#options.monitor.logConnection('failure', logTexts.outboundFailed(error));
        }
        job.voyage?.release();
      },
    );
  }

  /** Maps for all targets; a promise only if some target needs one. */
  #mapAll(job: Job): MaybePromise<readonly TargetMapping[]> {
    const { tracer } = this.#options.monitor;
    if (tracer === undefined) return this.#mapForAll(job);
    const { traceparent: parent } = job.signal.headers;
    const attributes = { 'hawser.connection': this.#options.compiled.connection.id };
    return traced(tracer, { name: 'hawser.map.outbound', parent, attributes }, () => this.#mapForAll(job));
  }

  #mapForAll({ signal, targets, view }: Job): MaybePromise<readonly TargetMapping[]> {
    const mapped = targets.map((target) => {
      const seen = view === undefined ? signal : this.#seenBy(target, signal, view);
      return seen === undefined ? 'filtered' : this.#map(target, seen);
    });
    return mapped.some(isPromise) ? Promise.all(mapped) : (mapped as readonly TargetMapping[]);
  }

  /** What a target sees of a signal; undefined when that is nothing, or not what it asks for. */
  #seenBy(target: CompiledTarget, signal: Signal, view: ReaderView): Signal | undefined {
    const seen = view(subjectsOf(target));
    if (seen === undefined) return undefined;
    const { adaptable } = seen;
    if (adaptable.value === signal.adaptable.value) return signal;
    const cut = { ...signal, adaptable };
    return this.#options.compiled.selectTargets(cut).includes(target) ? cut : undefined;
  }

  #map(target: CompiledTarget, signal: Signal): MaybePromise<TargetMapping> {
    const fields = target.extraFields(signal);
    const { timings } = this.#options.monitor;
    if (fields.length === 0 || signal.entityId === undefined)
      return timings.mapped('outbound', timings.now(), target.mapOutbound(signal));
    // of a thing that is no more there is nothing to add (DittoCachingSignalEnrichmentFacade.java)
    const fetching = isDeletion(signal)
      ? Promise.resolve({})
      : this.#options.twin.retrievePartialThing(signal.entityId, fields, subjectsOf(target));
    return fetching.then(
      (fetched) => {
        const enrichment = target.enrich(signal, fetched);
        if (enrichment === undefined) return 'filtered';
        return timings.mapped('outbound', timings.now(), target.mapOutbound(signal, enrichment.extra));
      },
      (enrichmentError: unknown) => {
        if (!this.#options.publishFailedEnrichments) return { enrichmentError };
        this.#logFailedEnrichment(target, signal, enrichmentError);
        return target.mapOutbound(signal);
      },
    );
  }

  #mapped(job: Job, outcome: Outcome<readonly TargetMapping[]>): void {
    const issuedLabels: string[] = [];
    let isPublished = false;
    const publishes = 'value' in outcome ? countPublishes(outcome.value) : 0;
    for (let i = 0; i < job.targets.length; i++) {
      const target = job.targets[i] as CompiledTarget;
      if (!('value' in outcome)) {
        this.#mappingFailed(target, job, outcome.error);
        continue;
      }
      const mapping = outcome.value[i] ?? 'filtered';
      if (mapping === 'filtered') continue;
      if ('enrichmentError' in mapping) this.#enrichmentFailed(target, job, mapping.enrichmentError);
      else if (this.#publishAll(target, job, mapping, publishes)) {
        isPublished = true;
        const label = target.issuedAcknowledgementLabel;
        if (label !== undefined) issuedLabels.push(label);
      }
    }
    if (job.isReply) return;
    this.#options.acks.issueWeak(
      job.original,
      isPublished ? { kind: 'published', issuedLabels } : { kind: 'allDropped' },
    );
  }

  /** Whether anything was handed to the transport. */
  #publishAll(
    target: CompiledTarget,
    job: Job,
    outcomes: readonly OutboundOutcome[],
    publishes: number,
  ): boolean {
    let isPublished = false;
    for (const { mapper, results } of outcomes) {
      for (const result of results) {
        if ('publish' in result) {
          this.#publish(target, job, mapper, shared(result.publish, publishes));
          isPublished = true;
        } else this.#unpublished(target, job, mapper, result);
      }
    }
    return isPublished;
  }

  #unpublished(
    target: CompiledTarget,
    job: Job,
    mapper: string,
    result: Exclude<OutboundResult, Publication>,
  ): void {
    if ('error' in result) {
      this.#mappingFailed(target, job, result.error);
      return;
    }
    const text =
      result.dropped === 'mapper'
        ? logTexts.outboundDropped(mapper)
        : logTexts.addressUnresolved(result.detail);
    this.#options.monitor.outbound('dropped', addressOf(target, job), true, text, job.signal);
  }

  #publish(target: CompiledTarget, job: Job, mapper: string, publish: Publication['publish']): void {
    const { monitor, outbox } = this.#options;
    const address = addressOf(target, job);
    monitor.outbound('mapped', address, true, logTexts.outboundMapped(mapper), job.signal);
    job.voyage?.hold();
    const publishedAt = monitor.timings.now();
    const span = monitor.tracer?.start('hawser.publish', job.signal.headers['traceparent'], {
      'hawser.address': address,
    });
    const message = span === undefined ? publish.message : withTrace(publish.message, span.traceparent);
    outbox.publish(publish.target, message, job.voyage !== undefined, (outcome) => {
      const error = errorOf(outcome);
      span?.end(error);
      monitor.timings.publishTook(publishedAt, error === undefined);
      this.#published(target, job, outcome);
      job.voyage?.release();
    });
  }

  #published(target: CompiledTarget, job: Job, outcome: PublishOutcome): void {
    const { monitor, acks, answers } = this.#options;
    const { original, signal, isReply } = job;
    const { result } = outcome;
    const answered =
      result?.answer === undefined || isReply
        ? undefined
        : answers.read({ target, original, sent: signal, result });
    const error = answered === undefined ? errorOf(outcome) : answered.error;
    const text = isReply ? logTexts.responsePublish(error) : logTexts.publish(error);
    monitor.outbound('published', addressOf(target, job), error === undefined, text, signal);
    if (answered !== undefined) answered.deliver();
    else if (!isReply) acks.issue(target, original, outcome);
  }

  #mappingFailed(target: CompiledTarget, job: Job, error: unknown): void {
    const text = logTexts.outboundFailed(error);
    this.#options.monitor.outbound('other', addressOf(target, job), false, text, job.signal);
  }

  #enrichmentFailed(target: CompiledTarget, job: Job, error: unknown): void {
    this.#logFailedEnrichment(target, job.signal, error);
    this.#options.acks.issueFailedEnrichment(target, job.original, error);
  }

  #logFailedEnrichment({ target: { address } }: CompiledTarget, signal: Signal, error: unknown): void {
    this.#options.monitor.outbound('mapped', address, false, logTexts.outboundFailed(error), signal);
  }
}

const subjectsOf = ({ target }: CompiledTarget): readonly string[] =>
  'authorizationContext' in target ? target.authorizationContext : [];

const isDeletion = ({ type, adaptable: { topic } }: Signal): boolean =>
  type === 'things.events:thingDeleted' && topic.channel !== 'live';

const errorOf = ({ error, result }: PublishOutcome): Error | undefined => error ?? result.answer?.refusal;

const addressOf = ({ target }: CompiledTarget, { isReply }: Job): string =>
  isReply ? responsesAddress : target.address;
