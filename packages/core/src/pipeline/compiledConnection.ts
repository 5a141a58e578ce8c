import type { DittoError } from '../errors/dittoError.ts';
import type { JsonPointer } from '../json/fieldSelector.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection, ReplyTarget, Source, Target } from '../model/connection.ts';
import type { ExternalMessage, PublishTarget, SourceOrigin } from '../ports/protocolAdapter.ts';
import type { Adaptable, Signal } from '../protocol/signal.ts';

/** Synchronous where it can be: only script mappers need a turn of the event loop. */
export type MaybePromise<T> = T | Promise<T>;

/** One signal of a mapped message, or why it went no further. */
export type InboundSignal =
  | { readonly signal: Signal }
  | {
      readonly error: DittoError;
      readonly stage: 'authorization' | 'headerMapping' | 'acknowledgements' | 'enforcement';
      readonly adaptable: Adaptable;
    };

/** What one payload mapper of a source made of a message. */
export interface InboundOutcome {
  /** Mapper id as configured. */
  readonly mapper: string;
  readonly outcome: 'mapped' | 'dropped' | 'failed';
  /** For `mapped`. */
  readonly signals: readonly InboundSignal[];
  /** For `failed`. */
  readonly error: DittoError | undefined;
  /** The message could not even be read for mapping: it is settled by its error, not accepted as one that a mapper refused. */
  readonly isUnreadable?: boolean;
}

/** A source with everything that can be known before a message arrives (spec 08, 1). Immutable. */
export interface CompiledSource {
  readonly source: Source;
  /** Labels that messages of this source may acknowledge, placeholders resolved. */
  readonly declaredAcks: ReadonlySet<string>;
  /** Steps 2 and 6 to 10: enforcement input, mappers, authorization, header mapping, acknowledgement requests, enforcement. */
  mapInbound(message: ExternalMessage, origin: SourceOrigin): MaybePromise<readonly InboundOutcome[]>;
  /**
   * The answer that tells the sender what went wrong with its message, ready for the reply target (spec 08, 4);
   * `adaptable`: what it was mapped to, if it came so far. Never throws.
   */
  errorResponse(
    error: DittoError,
    message: ExternalMessage,
    origin: SourceOrigin,
    adaptable: Adaptable | undefined,
  ): Signal;
}

/** One message ready to be published, or why there is none. */
export type OutboundResult =
  | { readonly publish: { readonly message: ExternalMessage; readonly target: PublishTarget } }
  | { readonly dropped: 'mapper' | 'addressUnresolved'; readonly detail: string }
  | { readonly error: unknown };

export interface OutboundOutcome {
  readonly mapper: string;
  readonly results: readonly OutboundResult[];
}

/** What a target does with a signal that was selected for it, once its thing was looked at. */
export interface Enrichment {
  /** What goes into the message; undefined when the topic that decided has no extra fields. */
  readonly extra: JsonObject | undefined;
}

/** A target or reply target, compiled. Immutable. */
export interface CompiledTarget {
  /** Position in `targets`, or -1 for a reply target. */
  readonly index: number;
  readonly target: Target | ReplyTarget;
  /** The label that a publish acknowledges, placeholders resolved. */
  readonly issuedAcknowledgementLabel: string | undefined;
  /** Fields of the signal's thing to fetch as the target's subjects before it is mapped; none: no enrichment (spec 08, 7.3). */
  extraFields(signal: Signal): readonly JsonPointer[];
  /** What becomes of the fetched fields; undefined: no filter matches the enriched thing, the signal is dropped here. */
  enrich(signal: Signal, fetched: JsonObject): Enrichment | undefined;
  /** Maps the signal and resolves header mapping and address (spec 07, 10 and 11). `extra`: the enriched fields. */
  mapOutbound(signal: Signal, extra?: JsonObject): MaybePromise<readonly OutboundOutcome[]>;
}

/** The immutable route table of a connection: swapped as a whole when the connection is modified. */
export interface CompiledConnection {
  readonly connection: Connection;
  /** By `Source.index`. */
  readonly sources: ReadonlyMap<number, CompiledSource>;
  /** By source index; only enabled reply targets. */
  readonly replyTargets: ReadonlyMap<number, CompiledTarget>;
  readonly targets: readonly CompiledTarget[];
  /**
   * The targets that get this signal, in order. Reads `ditto-read-subjects` of the signal's headers.
   *
   * @param concerned is told of each authorized target of such signals, before namespaces and filters decide
   */
  selectTargets(signal: Signal, concerned?: (target: CompiledTarget) => void): readonly CompiledTarget[];
  /** The table is out of use: frees what its mappers hold once the messages under way are mapped. */
  close?(): void;
}
