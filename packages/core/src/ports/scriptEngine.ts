import type { PayloadMapper } from '../mapping/payloadMapper.ts';
import type { MappingContext } from '../model/connection.ts';
import type { ScriptObserver } from './scriptRun.ts';

/** Options of a JavaScript mapper (spec 07, 8.2). */
export interface MapperScripts {
  /** Empty: the direction works as without a script. */
  readonly incomingScript: string;
  readonly outgoingScript: string;
  readonly loadBytebufferJS: boolean;
  readonly loadLongJS: boolean;
}

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

/** One that can look at scripts before a connection is accepted. */
export interface TryingScriptEngine extends ScriptEngine {
  /**
   * Loads the scripts of mapping definitions, which runs what stands outside of their functions, and gives an engine for
   * validation that refuses those that failed.
   */
  tryOut(definitions: Readonly<Record<string, MappingContext>>): Promise<ScriptEngine>;
}
