import type { Signal } from '../protocol/signal.ts';
import { upperFirst } from '../signals/entitySignals.ts';
import { eventHeaders, responseHeaders } from '../signals/signalHeaders.ts';
import { type EventParts, type ResponseParts, withoutConditions, withTag } from './twinReplies.ts';

/* Made without the readers of messages: those would read again what the state holds already, and know nothing of merges. */

export type ThingChange = 'created' | 'modified' | 'deleted' | 'merged';

interface ThingEventParts extends EventParts {
  readonly change: ThingChange;
}

/** The event of a command: with its path and its headers, but for its conditions. */
export function thingEvent(command: Signal, parts: ThingEventParts): Signal {
  const { change, value, revision, timestamp } = parts;
  const { entityId, adaptable } = command;
  const headers = withoutConditions(command);
  const { path } = adaptable;
  const resource = change === 'merged' ? 'thing' : parts.resource;
  return {
    kind: 'event',
    type: `things.events:${resource}${upperFirst(change)}`,
    adaptable: {
      topic: { ...adaptable.topic, criterion: 'events', action: change },
      headers,
      path,
      value,
      revision,
      timestamp,
      metadata: undefined,
    },
    headers: eventHeaders(headers, String(revision)),
    entityId,
    entityType: 'thing',
    resourcePath: path,
    status: undefined,
    category: undefined,
  };
}

/** The response to a command, with the tag and the revision that are now. */
export function thingResponse(command: Signal, parts: ResponseParts): Signal {
  const { status, value } = parts;
  const { entityId, adaptable, category } = command;
  const { topic, path } = adaptable;
  const resource = category === 'MERGE' ? 'thing' : parts.resource;
  const headers = withTag(command, parts);
  return {
    kind: 'response',
    type: `things.responses:${topic.action ?? ''}${upperFirst(resource)}`,
    adaptable: { topic, headers, path, value, status },
    headers: responseHeaders(headers),
    entityId,
    entityType: 'thing',
    resourcePath: path,
    status,
    category: undefined,
  };
}
