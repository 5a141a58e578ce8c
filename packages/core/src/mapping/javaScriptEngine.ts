import type { JsonObject } from '../json/jsonValue.ts';
import type { MapperScripts, ScriptEngine } from '../ports/scriptEngine.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionBoolean, optionText } from './mapperOptions.ts';

/** Of `mappingEngine` in definitions. */
export const javaScriptAlias = 'JavaScript';

/** The JavaScript mapper, its scripts run by `scripts`. */
export const javaScriptEngine = (scripts: ScriptEngine): MapperEngine => ({
  alias: javaScriptAlias,
  needsDefinition: true,
  defaultOptions: {},
  create: (options, { observeScript }) => scripts.createMapper(mapperScripts(options), observeScript),
});

/** The scripts that a mapping definition has. */
export const mapperScripts = (options: JsonObject): MapperScripts => ({
  incomingScript: optionText(options, 'incomingScript') ?? '',
  outgoingScript: optionText(options, 'outgoingScript') ?? '',
  loadBytebufferJS: optionBoolean(options, 'loadBytebufferJS') ?? false,
  loadLongJS: optionBoolean(options, 'loadLongJS') ?? false,
});
