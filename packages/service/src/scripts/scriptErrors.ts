import { type DittoError, mapperConfigurationFailed, messageMappingFailed } from '@hawser/core';
import type { ScriptError, ScriptFailure } from './scriptCall.ts';

/** Most characters of a description: scripts decide what is in it. */
const MAX_DESCRIPTION_CHARS = 2000;

/** Where in a script something was thrown. */
export interface ScriptPlace {
  readonly script: 'incomingScript' | 'outgoingScript';
  readonly line: number;
  readonly column: number;
}

const PLACE = /(incomingScript|outgoingScript):(\d{1,9})(?::(\d{1,9}))?/;

/** The innermost place of a user's script in a stack. */
export function placeOf({ stack }: ScriptError): ScriptPlace | undefined {
  const match = PLACE.exec(stack);
  if (match === null) return undefined;
  const [, script, line, column] = match;
  return { script: script as ScriptPlace['script'], line: Number(line), column: Number(column ?? 1) };
}

/** What Ditto's engine says of a failure, in the same form (connectivity/service/.../javascript/MappingFunction.java). */
export function describe(failure: ScriptFailure, maxExecutionTimeMs: number): string {
  if (failure.kind === 'time') return `Maximum execution time of <${maxExecutionTimeMs}>ms was exceeded.`;
  const { name, message, stack } = failure.error;
  const place = placeOf(failure.error);
  const what = [name, message].filter((text) => text !== '').join(': ');
  const where = place === undefined ? '' : ` - in line/column #${place.line}/${place.column}`;
  const lines = stack.trimEnd();
  return cut(`${what}${where}${place === undefined ? '' : `, stack:\n${lines}`}`);
}

/** A message that a script could not map. */
export const scriptFailed = (contentType: string | undefined, description: string): DittoError =>
  messageMappingFailed(contentType, cut(description));

/** Scripts that cannot be loaded, so that there is no mapper. */
export const scriptsRefused = (failure: ScriptFailure, maxExecutionTimeMs: number): DittoError =>
  mapperConfigurationFailed(describe(failure, maxExecutionTimeMs));

const cut = (text: string): string =>
  text.length <= MAX_DESCRIPTION_CHARS ? text : `${text.slice(0, MAX_DESCRIPTION_CHARS)}…`;
