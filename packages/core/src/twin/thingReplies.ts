import type { JsonValue } from '../json/jsonValue.ts';
import type { Signal } from '../protocol/signal.ts';
import { entityEvent, entityResponse, upperFirst } from '../signals/entitySignals.ts';
import { thingKind } from '../signals/thingKind.ts';
import { type EventParts, type ResponseParts, withoutConditions, withTag } from './twinReplies.ts';

/* Made without the readers of messages: those would read again what the state holds already, and know nothing of merges. */

export type ThingChange = 'created' | 'modified' | 'deleted' | 'merged';

interface ThingEventParts extends EventParts {
  readonly change: ThingChange;
}

/** The event of a command: with its path and its headers, but for its conditions. */
export function thingEvent(command: Signal, parts: ThingEventParts): Signal {
  const { change, value, revision, timestamp } = parts;
  const { topic, path } = command.adaptable;
  const headers = withoutConditions(command);
  const resource = change === 'merged' ? 'thing' : parts.resource;
  const told = {
    topic: { ...topic, criterion: 'events', action: change },
    headers,
    path,
    revision,
    timestamp,
  } as const;
  return entityEvent(told, headers, {
    ...aboutThing(command, value),
    type: `things.events:${resource}${upperFirst(change)}`,
  });
}

/** The response to a command, with the tag and the revision that are now. */
export function thingResponse(command: Signal, parts: ResponseParts): Signal {
  const { adaptable, category } = command;
  const { topic, path } = adaptable;
  const resource = category === 'MERGE' ? 'thing' : parts.resource;
  const headers = withTag(command, parts);
  return entityResponse({ topic, headers, path, status: parts.status }, headers, {
    ...aboutThing(command, parts.value),
    type: `things.responses:${topic.action ?? ''}${upperFirst(resource)}`,
  });
}

const aboutThing = ({ entityId = '', adaptable }: Signal, value: JsonValue | undefined) => ({
  entityId,
  kind: thingKind,
  value,
  resourcePath: adaptable.path,
});
