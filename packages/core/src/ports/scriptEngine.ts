import type { PayloadMapper } from '../mapping/payloadMapper.ts';

/** Options of a JavaScript mapper (spec 07, 8.2). */
export interface MapperScripts {
  /** Empty: the direction works as without a script. */
  readonly incomingScript: string;
  readonly outgoingScript: string;
  readonly loadBytebufferJS: boolean;
  readonly loadLongJS: boolean;
}

/** What one run of a script printed and used. */
export interface ScriptRun {
  readonly direction: 'inbound' | 'outbound';
  /** Lines that the script wrote to its console. */
  readonly console: readonly string[];
  readonly timeMs: number;
  /** Held by the mapper's scripts after the run. */
  readonly memoryBytes: number;
  /** Why there is no result. */
  readonly failure?: string;
  /** Where the script failed, both counted from 1. */
  readonly place?: {
    readonly script: 'incomingScript' | 'outgoingScript';
    readonly line: number;
    readonly column: number;
  };
}

/** Looks on while scripts run; for the dry run. */
export type ScriptObserver = (run: ScriptRun) => void;

/** Runs the scripts of users where they can reach nothing. Implemented outside of core. */
export interface ScriptEngine {
  /**
   * Prepares the scripts of one mapper of one connection; variables of a script live as long as the mapper. Scripts have a
   * console only when `observe` is there to see it.
   *
   * @throws DittoError `connectivity:message.mapper.config.failed` for scripts that are too large or known to be broken
   */
  createMapper(scripts: MapperScripts, observe?: ScriptObserver): PayloadMapper;
}
