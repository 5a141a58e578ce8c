import type { Signal, StreamingType, TopicName } from '@hawser/core';

/** What a target's topic subscribes to; connection announcements are made by the connection's own client. */
export const streamingTypeOfTopic: Readonly<Record<TopicName, StreamingType | undefined>> = {
  '_/_/things/twin/events': 'events',
  '_/_/things/live/messages': 'messages',
  '_/_/things/live/events': 'live-events',
  '_/_/things/live/commands': 'live-commands',
  '_/_/policies/announcements': 'policy-announcements',
  '_/_/connections/announcements': undefined,
};

/** The subscribers of a signal; `undefined` for signals that nobody can subscribe to (spec 08, 7.2). */
export function streamingTypeOf(signal: Signal): StreamingType | undefined {
  const { group, channel, criterion } = signal.adaptable.topic;
  if (group === 'policies') return criterion === 'announcements' ? 'policy-announcements' : undefined;
  if (group !== 'things') return undefined;
  if (criterion === 'messages') return 'messages';
  if (criterion === 'events') return channel === 'live' ? 'live-events' : 'events';
  return criterion === 'commands' && channel === 'live' ? 'live-commands' : undefined;
}
