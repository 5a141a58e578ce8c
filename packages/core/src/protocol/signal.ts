import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from './adaptable.ts';
import type { TopicPath } from './topicPath.ts';

export type { Adaptable, TopicPath };

export type SignalKind =
  | 'command'
  | 'response'
  | 'event'
  | 'announcement'
  | 'error'
  | 'acknowledgement'
  | 'acknowledgements';

/** What a command does to its entity; events, responses and the like have none. */
export type CommandCategory = 'CREATE' | 'MODIFY' | 'MERGE' | 'DELETE' | 'MIGRATE' | 'QUERY' | 'STREAM';

/**
 * What travels through the line: a command, message, response, event, acknowledgement or error.
 * Its payload stays in Protocol form (`adaptable`, normalised as the signal's model writes it); `headers` are the internal
 * Ditto headers, which win over those of the adaptable.
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
  /** Of commands. */
  readonly category: CommandCategory | undefined;
}

/** Whether it goes to who waits for it, and not to whoever subscribes. */
export const isAnswer = ({ kind }: Signal): boolean =>
  kind === 'response' || kind === 'error' || kind === 'acknowledgement' || kind === 'acknowledgements';
