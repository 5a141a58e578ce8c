import type { JsonPointer } from '../json/fieldSelector.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Signal } from '../protocol/signal.ts';

/** Kinds of signals that a connection subscribes to (connectivity/.../messaging: StreamingType.java). */
export type StreamingType = 'events' | 'messages' | 'live-commands' | 'live-events' | 'policy-announcements';

/**
 * A source message under way. It is settled at its broker only when everything that it caused in this process has
 * finished: whoever begins such work holds it, and releases it once for each hold.
 */
export interface Voyage {
  hold(): void;
  release(): void;
}

/** Who submitted a signal. */
export interface SignalSender {
  /** `undefined` for signals that come from no source message. */
  readonly voyage: Voyage | undefined;
  /** Takes responses, errors and acknowledgements for the signal. Nothing is sent back to a sender without it. */
  reply?(answer: Signal): void;
}

/** What subjects may see of a signal; undefined when nothing is left of it. */
export type ReaderView = (subjects: readonly string[]) => Signal | undefined;

export interface SignalSubscription {
  /** One client of a connection. */
  readonly subscriberId: string;
  /** Each signal is delivered to one subscriber of a group, chosen by the entity; the connection's id. */
  readonly group: string;
  /** Authorization subjects of the targets. */
  readonly subjects: readonly string[];
  readonly types: readonly StreamingType[];
  /** Must not throw. @param view absent: whoever may read the signal may read all of it */
  onSignal(signal: Signal, voyage: Voyage | undefined, view?: ReaderView): void;
}

/** The rest of Ditto as connections see it (spec 08, 9.1): things, policies and the routing of signals between connections. */
export interface TwinService {
  /** A command, message, event, response or acknowledgement from a connection. Must not throw. */
  submit(signal: Signal, sender: SignalSender): void;
  /** Returns the end of the subscription. */
  subscribe(subscription: SignalSubscription): () => void;
  /** @throws DittoError `acknowledgement:label.not.unique` 409; ends with the returned function */
  declareAckLabels(group: string, labels: readonly string[]): () => void;
  /** Fields for `extraFields`; what the subjects may not read is left out. @throws DittoError */
  retrievePartialThing(
    thingId: string,
    fields: readonly JsonPointer[],
    subjects: readonly string[],
  ): Promise<JsonObject>;
}
