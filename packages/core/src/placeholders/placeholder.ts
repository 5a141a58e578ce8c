import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Signal, TopicPath } from '../protocol/signal.ts';
import { rememberWeakly } from '../remember.ts';

/** What placeholders are resolved from. Every part may be missing: what depends on it is unresolved then. */
export interface PlaceholderContext {
  /** `header:`; of the external message inbound, of the signal outbound. Names without regard to case. */
  readonly headers?: DittoHeaders | undefined;
  /** `entity:`, `thing:`, `policy:`, `feature:`, `resource:`, `thing-json:`. */
  readonly signal?: Signal | undefined;
  /** `topic:`; by default the topic of `signal`. */
  readonly topic?: TopicPath | undefined;
  /** Enriched fields; `thing-json:` sees them under the value of an event. */
  readonly extra?: JsonObject | undefined;
  /** `request:subjectId`. */
  readonly authSubjects?: readonly string[] | undefined;
  /** `connection:id`. */
  readonly connectionId?: string | undefined;
  /** `source:address`: the address that the message carried, e.g. its MQTT topic. */
  readonly sourceAddress?: string | undefined;
  /** `time:`; wall time, ms since 1970. */
  readonly now?: number | undefined;
}

/** The values of one placeholder; none when it does not resolve. */
export type Lookup = (context: PlaceholderContext) => readonly string[];

/** A family of placeholders: everything with one prefix. */
export interface Placeholder {
  /** What stands before the first colon. */
  readonly prefix: string;
  /** Compiles a name; undefined for one that is not supported. Must not throw. */
  compile(name: string): Lookup | undefined;
}

/** The list of one placeholder, always the same: what is compiled for a list is kept by it. */
export const alone = rememberWeakly((placeholder: Placeholder): readonly Placeholder[] => [placeholder]);
