import type { ResponseType } from '../model/connection.ts';
import type { Signal } from '../protocol/signal.ts';

/* What Ditto's classes tell of a signal beside its parts. */

const RESOURCE_TYPES: readonly (readonly [prefix: string, resourceType: string])[] = [
  ['things.', 'thing'],
  ['policies.', 'policy'],
  ['messages.', 'message'],
  ['thing-search.subscription.', 'thing-search.subscription'],
  ['thing-search.', 'thing-search'],
  ['streaming.subscription.events:', 'streaming.subscription'],
  ['acknowledgement', 'acknowledgement'],
];

/** The kind of resource that a signal is about, e.g. `thing`, `message` (base/model/.../signals/WithResource.java). */
export function resourceTypeOf(signal: Signal): string | undefined {
  const known = RESOURCE_TYPES.find(([prefix]) => signal.type.startsWith(prefix));
  return known?.[1] ?? signal.entityType;
}

/** How an answer counts for those who expect some types only; undefined for signals that answer nothing. */
export function responseTypeOf({ kind, status }: Signal): ResponseType | undefined {
  switch (kind) {
    case 'response':
      return 'response';
    case 'error':
      return 'error';
    case 'acknowledgement':
    case 'acknowledgements':
      return isSuccess(status) ? 'response' : 'nack';
    default:
      return undefined;
  }
}

/** Of HTTP statuses. */
export const isSuccess = (status: number | undefined): boolean =>
  status !== undefined && status >= 200 && status < 300;
