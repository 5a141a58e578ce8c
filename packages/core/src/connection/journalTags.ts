import { journalTags } from '../events/journal.ts';
import type { Connection } from '../model/connection.ts';
import type { RecordedEvent } from './recordedEvent.ts';

/** On the newest event of every connection that should be open. */
export const ALWAYS_ALIVE_TAG = 'always-alive';
const PRIORITY_TAG_PREFIX = 'priority-';

/** @param stored the connection before the event */
export function tagsOf(
  event: RecordedEvent,
  stored: Connection | undefined,
  priority: number | undefined,
): readonly string[] {
  const { connectionStatus = 'unknown', tags = [] } =
    ('connection' in event ? event.connection : stored) ?? {};
  return journalTags({ event: event.type, connectionStatus, tags, priority });
}

/** The priority that the tags of a connection's newest event state; 0 without one. */
export function priorityOf(tags: readonly string[]): number {
  const tag = tags.find((each) => each.startsWith(PRIORITY_TAG_PREFIX));
  const priority = Number(tag?.slice(PRIORITY_TAG_PREFIX.length));
  return Number.isSafeInteger(priority) && priority > 0 ? priority : 0;
}
