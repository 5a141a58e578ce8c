import type { ScriptEngine } from '../ports/scriptEngine.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionBoolean, optionText } from './mapperOptions.ts';

/** The JavaScript mapper, its scripts run by `scripts`. */
export const javaScriptEngine = (scripts: ScriptEngine): MapperEngine => ({
  alias: 'JavaScript',
  needsDefinition: true,
  defaultOptions: {},
  create: (options) =>
    scripts.createMapper({
      incomingScript: optionText(options, 'incomingScript') ?? '',
      outgoingScript: optionText(options, 'outgoingScript') ?? '',
      loadBytebufferJS: optionBoolean(options, 'loadBytebufferJS') ?? false,
      loadLongJS: optionBoolean(options, 'loadLongJS') ?? false,
    }),
});
