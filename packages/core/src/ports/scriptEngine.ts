import type { PayloadMapper } from '../mapping/payloadMapper.ts';

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
   * Prepares the scripts of one mapper of one connection; variables of a script live as long as the mapper.
   *
   * @throws DittoError `connectivity:message.mapper.config.failed` for scripts that are too large or broken
   */
  createMapper(scripts: MapperScripts): PayloadMapper;
}
