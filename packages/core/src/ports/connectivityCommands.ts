import type { JsonObject } from '../json/jsonValue.ts';

export type DittoHeaders = Readonly<Record<string, string>>;

/** What a command answered: a response or an error in its JSON form, with the Ditto headers of the answer. */
export interface Reply {
  /** `connectivity.responses:…` JSON, or the bare JSON of a Ditto error. */
  readonly json: JsonObject;
  /** HTTP status of the answer itself (also inside `json`). */
  readonly status: number;
  readonly isError: boolean;
  readonly headers: DittoHeaders;
}

/** The actor system as the HTTP door and embedders see it. Implemented by `actors`. */
export interface ConnectivityCommands {
  /**
   * Sends a command to the actor at `selection` (e.g. `/system/sharding/connection`) and waits for its answer.
   *
   * @throws DittoError `ask.error` 503 when nobody answers within `timeoutMs`
   */
  ask(selection: string, command: JsonObject, headers: DittoHeaders, timeoutMs: number): Promise<Reply>;
}
