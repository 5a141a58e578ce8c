import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';

/** The parsed parts of a topic path, `namespace/name/group[/channel]/criterion[/…]` (spec 06, 2). */
export interface TopicPath {
  readonly namespace: string;
  readonly name: string;
  readonly group: 'things' | 'policies' | 'connections';
  readonly channel: 'twin' | 'live' | 'none';
  readonly criterion:
    | 'commands'
    | 'events'
    | 'search'
    | 'streaming'
    | 'errors'
    | 'messages'
    | 'acks'
    | 'announcements';
  /** Action, search action or streaming action. */
  readonly action: string | undefined;
  /** Message subject, acknowledgement label or announcement name. */
  readonly subject: string | undefined;
}

/** A Ditto Protocol message as data (protocol/.../Adaptable.java). `undefined` = absent; `value: null` is a value. */
export interface Adaptable {
  readonly topic: TopicPath;
  readonly headers: DittoHeaders;
  /** JSON pointer; root is `/`. */
  readonly path: string;
  readonly value?: JsonValue | undefined;
  readonly extra?: JsonObject | undefined;
  readonly status?: number | undefined;
  readonly revision?: number | undefined;
  readonly timestamp?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly fields?: string | undefined;
}

export type SignalKind =
  | 'command'
  | 'response'
  | 'event'
  | 'announcement'
  | 'error'
  | 'acknowledgement'
  | 'acknowledgements';

/**
 * What travels through the line: a command, message, response, event, acknowledgement or error.
 * Its payload stays in Protocol form (`adaptable`); `headers` are the internal Ditto headers, which win over those of the adaptable.
 */
export interface Signal {
  readonly kind: SignalKind;
  /** e.g. `things.commands:modifyAttribute`, `messages.commands:thingMessage`. */
  readonly type: string;
  readonly adaptable: Adaptable;
  readonly headers: DittoHeaders;
  /** `namespace:name`, a connection id, or undefined for signals without an entity. */
  readonly entityId: string | undefined;
  readonly entityType: 'thing' | 'policy' | 'connection' | undefined;
  readonly resourcePath: string;
  /** Of responses, acknowledgements and errors. */
  readonly status: number | undefined;
}
