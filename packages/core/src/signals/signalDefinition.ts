import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';

/**
 * One type of signal: how it is made of a Protocol message, and how its signal JSON is written and read. The readers
 * of Protocol messages pick the definition by topic and path, those of signal JSON by `type`.
 */
export interface SignalDefinition {
  readonly type: string;
  /**
   * Checks the parts of the message and brings them into the model's form. `headers` are the internal ones.
   * @throws DittoError
   */
  readonly make: (adaptable: Adaptable, headers: DittoHeaders) => Signal;
  readonly toJson: (signal: Signal) => JsonObject;
  /** The Protocol message that signal JSON stands for. @throws DittoError */
  readonly fromJson: (json: JsonObject, headers: DittoHeaders) => Adaptable;
}

/** Definitions by their type. */
export const byType = (definitions: readonly SignalDefinition[]): ReadonlyMap<string, SignalDefinition> =>
  new Map(definitions.map((definition) => [definition.type, definition]));
