import { grouped } from '../errors/baseErrors.ts';
import { makeError } from '../errors/makeError.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { checkAckLabel } from '../protocol/ackLabel.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import { filterHeadersToExternal } from '../protocol/headerFilters.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { type AckEntry, ackLabelOf, acknowledgementsOf } from './acknowledgements.ts';
import { splitId } from './entityId.ts';
import { channelOf } from './entitySignals.ts';
import { isSuccess } from './signalFacts.ts';
import { responseHeaders } from './signalHeaders.ts';
import { thingKind } from './thingKind.ts';

/* Several acknowledgements taken together (base/model/.../acks/Acknowledgements.java). */

const TIMEOUT = 408;

/** The status of acknowledgements together: of one its own, of several success or failed dependency. */
export function combinedStatus(statuses: readonly number[]): number {
  const [only, ...others] = statuses;
  if (only !== undefined && others.length === 0) return only;
  return statuses.every(isSuccess) ? 200 : 424;
}

/** Labels for which no acknowledgement came in time. */
export const missingLabels = (entries: readonly AckEntry[]): readonly string[] =>
  entries.filter(({ status }) => status === TIMEOUT).map(({ label }) => label);

/** What a single acknowledgement says, as part of aggregated ones. */
export const ackEntryOf = (ack: Signal): AckEntry => ({
  label: ackLabelOf(ack),
  status: ack.status ?? 200,
  payload: ack.adaptable.value,
  headers: ack.headers,
});

/** Aggregated acknowledgements of a thing. @throws DittoError `things:id.invalid`, `json.format.invalid` for none */
export function combineAcknowledgements(
  thingId: string,
  entries: readonly AckEntry[],
  headers: DittoHeaders,
): Signal {
  const status = combinedStatus(entries.map((entry) => entry.status));
  return acknowledgementsOf(acksTopic(thingId, headers), headers, status, entries);
}

function acksTopic(thingId: string, headers: DittoHeaders): TopicPath {
  const [namespace, name] = splitId(thingKind.checkId(thingId));
  const channel = channelOf(headers);
  return {
    namespace,
    name,
    group: 'things',
    channel,
    criterion: 'acks',
    action: undefined,
    subject: undefined,
  };
}

export interface RequestedAcks {
  readonly thingId: string;
  readonly labels: readonly string[];
  readonly correlationId: string;
  /** Told in the stead of what did not come; milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Collects the acknowledgements that a command requested (edge/service/.../AcknowledgementAggregator.java): the first
 * of each label counts, others are ignored; what does not come counts as timed out.
 */
export class AckAggregator {
  readonly #request: RequestedAcks;
  readonly #received = new Map<string, AckEntry>();

  /** @throws DittoError `acknowledgement:label.invalid` */
  constructor(request: RequestedAcks) {
    request.labels.forEach(checkAckLabel);
    this.#request = request;
  }

  /** Takes an acknowledgement; false if it was not asked for or came twice. */
  receive(ack: AckEntry): boolean {
    if (!this.#request.labels.includes(ack.label) || this.#received.has(ack.label)) return false;
    this.#received.set(ack.label, { ...ack, headers: filterHeadersToExternal(ack.headers) });
    return true;
  }

  get isComplete(): boolean {
    return this.#request.labels.every((label) => this.#received.has(label));
  }

  /** Complete, and nothing failed. */
  get isSuccessful(): boolean {
    return this.isComplete && [...this.#received.values()].every(({ status }) => isSuccess(status));
  }

  /** In the order of the request, with a timeout in place of each missing one. */
  entries(): readonly AckEntry[] {
    return [...new Set(this.#request.labels)].map(
      (label) => this.#received.get(label) ?? this.#timedOut(label),
    );
  }

  /** All together. `headers` win over those of the single acknowledgements. */
  result(headers: DittoHeaders): Signal {
    let combined: DittoHeaders = {};
    for (const entry of this.#received.values()) combined = withHeaders(combined, entry.headers);
    return combineAcknowledgements(this.#request.thingId, this.entries(), withHeaders(combined, headers));
  }

  #timedOut(label: string): AckEntry {
    const { timeoutMs, correlationId } = this.#request;
    const error = makeError(
      'acknowledgement:request.timeout',
      `The acknowledgement request reached the specified timeout of ${grouped(timeoutMs)}ms.`,
    );
    const headers = responseHeaders({ 'correlation-id': correlationId });
    return { label, status: error.status, payload: error.toJson(), headers };
  }
}
