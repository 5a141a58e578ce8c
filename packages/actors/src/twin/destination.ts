import { headerValue, isAnswer, type Signal } from '@hawser/core';

/** Where a signal goes that a connection submits (spec 08, 3). */
export type Destination = 'thing' | 'things' | 'policy' | 'subscribers' | 'nobody' | 'unsupported';

export function destinationOf(signal: Signal): Destination {
  if (isAnswer(signal)) return 'nobody';
  const { group, criterion } = signal.adaptable.topic;
  if (signal.kind !== 'command' || criterion === 'messages') return 'subscribers';
  if (criterion !== 'commands') return 'unsupported';
  if (group === 'policies') return 'policy';
  if (signal.entityId === undefined) return 'things';
  return headerValue(signal.headers, 'channel') === 'live' ? 'subscribers' : 'thing';
}
