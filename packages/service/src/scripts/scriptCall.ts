import type { MapperScripts } from '@hawser/core';

/** A message for a script, as it is handed to the engine. */
export type ScriptInput =
  | {
      readonly direction: 'inbound';
      /** JSON of the headers. */
      readonly headers: string;
      readonly text: string | null;
      /** All of its buffer; `text`: what the text is in UTF-8. */
      readonly bytes: Uint8Array | 'text' | null;
    }
  | {
      readonly direction: 'outbound';
      /** Text of the Protocol message. */
      readonly message: string;
    };

/** Why there is no result. */
export type ScriptFailure =
  /** It ran longer than it may. */
  | { readonly kind: 'time' }
  /** Its thread came to an end with it. */
  | { readonly kind: 'broken'; readonly error: ScriptError }
  | { readonly kind: 'thrown'; readonly error: ScriptError }
  /** The scripts could not be loaded; so it is for every message. */
  | { readonly kind: 'load'; readonly error: ScriptError };

/** What a script threw, or the engine in its place. */
export interface ScriptError {
  /** Empty for what is no error object. */
  readonly name: string;
  readonly message: string;
  /** Where in the scripts; of several lines, possibly empty. */
  readonly stack: string;
}

/** What a run of a script used and printed; only when it is watched. */
export interface ScriptUse {
  readonly timeMs: number;
  /** Of the mapper after the run. */
  readonly memoryBytes: number;
  readonly console: readonly string[];
}

export interface ScriptOutput {
  /** JSON array of the results; undefined when there is a failure. */
  readonly json?: string;
  /** Payloads of outbound results, which name them by index. */
  readonly buffers?: readonly Uint8Array[];
  readonly failure?: ScriptFailure;
  readonly use?: ScriptUse;
}

/** What a box is made of. */
export interface BoxOptions {
  readonly scripts: MapperScripts;
  readonly maxExecutionTimeMs: number;
  readonly stackBytes: number;
  readonly maxMemoryBytes: number;
  /** Scripts get a console, and each output tells what was used. */
  readonly isWatched: boolean;
}
