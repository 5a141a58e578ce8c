import type { DittoError } from '../errors/dittoError.ts';
import type { Settlement } from '../ports/protocolAdapter.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { ackEntriesFromJson } from './acknowledgements.ts';

/*
 * What becomes of a message at its broker once its signals were answered
 * (connectivity/service/.../BaseConsumerActor.java, ResponseCollectorActor.java).
 */

/**
 * The settlement of a message by the answers to its signals. Fewer answers than expected: some did not come in time.
 * `expected`: how many signals of the message wait for an answer.
 */
export function settlementByResponses(expected: number, responses: readonly Signal[]): Settlement {
  const failed = responses.filter(isFailed);
  if (responses.length === expected && failed.length === 0) return 'accepted';
  if (failed.length === 0) return 'redeliver';
  return failed.flatMap(statusesOf).some(mayPass) ? 'redeliver' : 'rejected';
}

/** The settlement of a message that could not be processed. `error`: undefined for anything but a Ditto error. */
export function settlementByError(error: Pick<DittoError, 'status'> | undefined): Settlement {
  if (error === undefined) return 'redeliver';
  // An unfulfilled condition is what the sender asked for.
  if (error.status === 412) return 'accepted';
  return mayPass(error.status) ? 'redeliver' : 'rejected';
}

/** Live answers may carry any status without being a failure; only that none came is one. */
function isFailed(response: Signal): boolean {
  const status = response.status ?? 200;
  return isLiveResponse(response) ? status === 408 : status >= 400;
}

const isLiveResponse = ({ type, headers }: Signal): boolean =>
  type.startsWith('messages.responses:') ||
  (type.startsWith('things.responses:') && headerValue(headers, 'channel') === 'live');

/** Of aggregated acknowledgements each counts by itself. */
function statusesOf(response: Signal): readonly number[] {
  return response.kind === 'acknowledgements'
    ? ackEntriesFromJson(response.adaptable.value).map(({ status }) => status)
    : [response.status ?? 200];
}

/** Whether another attempt may do better. */
const mayPass = (status: number): boolean => status === 408 || status === 424 || status >= 500;
