import {
  builtInEngines,
  defaultValidationConfig,
  javaScriptEngine,
  parseConnection,
  type TryingScriptEngine,
  validateConnection,
} from '@hawser/core';
import type { Readers } from '../reader.ts';
import { type EnginesFor, mappingReadersWith } from './mapping.ts';

/** Readers of the families that need the engine for scripts, which is none of core; they take the place of those without it. */
export function scriptReaders(scripts: TryingScriptEngine): Readers {
  const enginesFor: EnginesFor = async (definitions) => [
    ...builtInEngines,
    javaScriptEngine(await scripts.tryOut(definitions)),
  ];
  return {
    ...mappingReadersWith(enginesFor),
    'oracle:connection-validation': async ({ connection }) => {
      const parsed = parseConnection(connection ?? null);
      const engines = await enginesFor(parsed.mappingDefinitions);
      return {
        valid: true,
        declaredAcks: [...validateConnection(parsed, { ...defaultValidationConfig, engines })],
      };
    },
  };
}
