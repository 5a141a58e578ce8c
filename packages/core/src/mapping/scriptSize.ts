import { mapperConfigurationFailed } from '../errors/connectivityErrors.ts';
import type { MapperScripts } from '../ports/scriptEngine.ts';

/** Ditto's default of `mapping.javascript.maxScriptSizeBytes`, which counts characters. */
export const defaultMaxScriptSize = 50_000;

/** @throws DittoError `connectivity:message.mapper.config.failed` when one of the scripts is larger than `maxSize` characters */
export function checkScriptSize({ incomingScript, outgoingScript }: MapperScripts, maxSize: number): void {
  if (incomingScript.length <= maxSize && outgoingScript.length <= maxSize) return;
  throw mapperConfigurationFailed(
    `The script size was bigger than the allowed <${maxSize}> bytes: incoming script size was <${incomingScript.length}> bytes, outgoing script size was <${outgoingScript.length}> bytes`,
  );
}
