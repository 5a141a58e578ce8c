/** What the scripts of one mapper may use. */
export interface ScriptLimits {
  /** Ditto's `mapping.javascript.maxScriptSizeBytes`, which counts characters. */
  readonly maxScriptSizeBytes: number;
  /** Ditto's `mapping.javascript.maxScriptExecutionTime`: of one message, and of loading the scripts. */
  readonly maxExecutionTimeMs: number;
  /** Ditto's `mapping.javascript.maxScriptStackDepth`, in nested calls; see `stackBytes`. */
  readonly maxStackDepth: number;
  /** Of one mapper, its scripts and what they keep. */
  readonly maxMemoryBytes: number;
  /** Threads for scripts; more mappers than these share them. */
  readonly maxThreads: number;
  /** Messages that may wait for the scripts of one mapper. */
  readonly maxQueuedCalls: number;
}

/** Those of Ditto where it has them. */
export const defaultScriptLimits: ScriptLimits = {
  maxScriptSizeBytes: 50_000,
  maxExecutionTimeMs: 500,
  maxStackDepth: 25,
  maxMemoryBytes: 16 * 1024 * 1024,
  maxThreads: 32,
  maxQueuedCalls: 1000,
};

const BYTES_PER_CALL = 8 * 1024;
/** What JSON and regular expressions of everyday size need by themselves. */
const MIN_STACK_BYTES = 64 * 1024;
/** Above it the stack of the host would end first, and with it the engine. */
const MAX_STACK_BYTES = 256 * 1024;

/**
 * The engine counts bytes, not calls: each nested call of a script in Ditto's count gets enough for any function, so that what
 * runs there runs here.
 */
export const stackBytes = ({ maxStackDepth }: ScriptLimits): number =>
  Math.min(MAX_STACK_BYTES, Math.max(MIN_STACK_BYTES, maxStackDepth * BYTES_PER_CALL));
