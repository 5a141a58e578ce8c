import { headerValue, isAnswer, type Signal } from '@hawser/core';
import { subjectsOf } from './subjects.ts';

/** Where a signal goes that a connection submits (spec 08, 3). */
export type Destination = 'thing' | 'things' | 'policy' | 'subscribers' | 'news' | 'nobody' | 'unsupported';

export function destinationOf(signal: Signal): Destination {
  if (isAnswer(signal)) return 'nobody';
  if (isNews(signal) && subjectsOf(signal) !== undefined) return 'news';
  const { group, criterion } = signal.adaptable.topic;
  if (signal.kind !== 'command' || criterion === 'messages') return 'subscribers';
  if (criterion !== 'commands') return 'unsupported';
  const isLive = headerValue(signal.headers, 'channel') === 'live';
  // the present in place of a past that is not kept would be a wrong answer
  if (!isLive && isOfPast(signal)) return 'unsupported';
  if (group === 'policies') return 'policy';
  if (signal.entityId === undefined) return 'things';
  return isLive ? 'subscribers' : 'thing';
}

/** What a twin has to tell: that something has changed, or is going to. */
const isNews = ({ kind, adaptable: { topic } }: Signal): boolean =>
  kind === 'announcement' || (kind === 'event' && topic.channel !== 'live');

const isOfPast = ({ headers }: Signal): boolean =>
  ['at-historical-revision', 'at-historical-timestamp'].some(
    (name) => headerValue(headers, name) !== undefined,
  );
