import type { PayloadMapper } from '../mapping/payloadMapper.ts';
import { checkScriptSize, defaultMaxScriptSize } from '../mapping/scriptSize.ts';
import type { ScriptEngine } from '../ports/scriptEngine.ts';

const NO_MAPPER: PayloadMapper = { mapInbound: () => [], mapOutbound: () => [] };

/** Looks at the size of scripts alone, for validation where there is no engine to try them out. */
export const untriedScripts: ScriptEngine = {
  createMapper: (scripts) => {
    checkScriptSize(scripts, defaultMaxScriptSize);
    return NO_MAPPER;
  },
};
