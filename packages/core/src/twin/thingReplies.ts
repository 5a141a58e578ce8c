import type { EntityTag } from '../headers/entityTag.ts';
import { entityTagText } from '../headers/entityTag.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { upperFirst } from '../signals/entitySignals.ts';
import { eventHeaders, responseHeaders } from '../signals/signalHeaders.ts';

/** What a command asks of the state, not of those who get its event. */
const CONDITIONS = {
  'if-match': undefined,
  'if-none-match': undefined,
  'if-equal': undefined,
  condition: undefined,
};

export type ThingChange = 'created' | 'modified' | 'deleted' | 'merged';

interface EventParts {
  readonly resource: string;
  readonly change: ThingChange;
  readonly value: JsonValue | undefined;
  readonly revision: number;
  /** ISO-8601 instant. */
  readonly timestamp: string;
}

/** The event of a command: with its path and its headers, but for its conditions. */
export function thingEvent(command: Signal, parts: EventParts): Signal {
  const { change, value, revision, timestamp } = parts;
  const { headers, entityId, adaptable } = command;
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
    headers: eventHeaders(withHeaders(headers, CONDITIONS), String(revision)),
    entityId,
    entityType: 'thing',
    resourcePath: path,
    status: undefined,
    category: undefined,
  };
}

interface ResponseParts {
  readonly resource: string;
  readonly status: number;
  readonly value?: JsonValue | undefined;
  /** Of the thing after the command. */
  readonly revision: number;
  /** Of what the command was about, if that is there. */
  readonly tag: EntityTag | undefined;
}

/** The response to a command, with the tag and the revision that are now. */
export function thingResponse(command: Signal, parts: ResponseParts): Signal {
  const { status, value, revision, tag } = parts;
  const { entityId, adaptable, category } = command;
  const { topic, path } = adaptable;
  const resource = category === 'MERGE' ? 'thing' : parts.resource;
  const headers = withHeaders(command.headers, {
    'entity-revision': String(revision),
    etag: tag === undefined ? undefined : entityTagText(tag),
  });
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
