import { mapperConfigurationFailed } from '../errors/connectivityErrors.ts';
import type { PayloadMapper } from '../mapping/payloadMapper.ts';
import type { ScriptEngine } from '../ports/scriptEngine.ts';

/** Ditto's `mapping.javascript.maxScriptSizeBytes`, which counts characters. */
const MAX_SCRIPT_CHARACTERS = 50_000;

const NO_MAPPER: PayloadMapper = { mapInbound: () => [], mapOutbound: () => [] };

/** Looks at the size of scripts alone, for validation where there is no engine to try them out. */
export const untriedScripts: ScriptEngine = {
  createMapper: ({ incomingScript, outgoingScript }) => {
    const size = Math.max(incomingScript.length, outgoingScript.length);
    if (size > MAX_SCRIPT_CHARACTERS)
      throw mapperConfigurationFailed(
        `The script size was bigger than the allowed <${MAX_SCRIPT_CHARACTERS}> bytes: <${size}> bytes`,
      );
    return NO_MAPPER;
  },
};
