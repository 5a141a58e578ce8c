import {
  type Clock,
  commandTimeout,
  fulfils,
  headerValue,
  type Signal,
  type SignalSender,
  type ThingState,
  timeoutOf,
  withHeaders,
} from '@hawser/core';
import { failureOf, refuse } from './twinErrors.ts';

/** Ditto's `default-timeout` of live signals. */
const DEFAULT_TIMEOUT_MS = 60_000;

const MATCHED = 'live-channel-condition-matched';

/** Whether the thing is as the query's `live-channel-condition` has it. @throws DittoError `rql.expression.invalid` */
export const isAnsweredLive = ({ headers }: Signal, state: ThingState, now: string): boolean =>
  fulfils(state, headerValue(headers, 'live-channel-condition') ?? '', now);

/** The answer of the twin to a query whose thing is not as its condition has it. */
export const unmatched = (response: Signal): Signal => ofTwin(response, false);

const ofTwin = (response: Signal, isMatched: boolean): Signal => ({
  ...response,
  headers: withHeaders(response.headers, { channel: 'twin', [MATCHED]: String(isMatched) }),
});

/** The query as it goes to whoever answers live (things/service/.../ThingSupervisorActor.java, SupervisorSmartChannelDispatching.java). */
export const liveQuery = (query: Signal): Signal => ({
  ...query,
  headers: withHeaders(query.headers, {
    channel: 'live',
    'live-channel-condition': undefined,
    'response-required': 'true',
    [MATCHED]: 'true',
  }),
  adaptable: { ...query.adaptable, topic: { ...query.adaptable.topic, channel: 'live' } },
});

/**
 * Answers a query that nobody has answered live within its `timeout`: by the twin when `live-channel-timeout-strategy` is
 * `use-twin`, else by an error. Whoever has an answer by then takes no other.
 *
 * @param twin makes the answer of the twin, as it was when the query came @throws DittoError
 */
export function answerLater(query: Signal, sender: SignalSender, clock: Clock, twin: () => Signal): void {
  const { headers } = query;
  const timeoutMs = timeoutOf(headers) ?? DEFAULT_TIMEOUT_MS;
  const usesTwin = headerValue(headers, 'live-channel-timeout-strategy') === 'use-twin';
  clock.after(timeoutMs, () => {
    if (!usesTwin) {
      refuse(query, sender, commandTimeout(timeoutMs));
      return;
    }
    try {
      sender.reply?.(ofTwin(twin(), true));
    } catch (error) {
      refuse(query, sender, failureOf(query, error));
    }
  });
}
