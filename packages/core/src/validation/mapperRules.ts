import { makeError } from '../errors/makeError.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { Connection, MappingContext } from '../model/connection.ts';
import { asConfigurationInvalid, configurationInvalid } from './configurationInvalid.ts';
import { javaHashOrder } from './javaHashOrder.ts';
import type { ValidationConfig } from './validationConfig.ts';

/** What validation has to know about payload mappers. */
export interface MapperCatalogue {
  /** Engines that can be named in `payloadMapping` without a definition. */
  readonly withoutDefinition: readonly string[];
  /**
   * Whether a definition gives a mapper; one that does not is as good as absent.
   * @throws DittoError when the connection cannot be used with it at all
   */
  isUsable(context: MappingContext): boolean;
}

/** Options without which an engine makes no mapper. */
const REQUIRED_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  Ditto: [],
  JavaScript: [],
  Normalized: [],
  RawMessage: [],
  CloudEvents: [],
  UpdateTwinWithLiveResponse: [],
  ConnectionStatus: ['thingId'],
  ImplicitThingCreation: ['thing'],
};
const MAX_SCRIPT_CHARACTERS = 50_000;

/** Knows the built-in engines and their options without making a mapper. */
export const staticMapperCatalogue: MapperCatalogue = {
  withoutDefinition: ['UpdateTwinWithLiveResponse', 'Normalized', 'Ditto', 'CloudEvents', 'RawMessage'],
  isUsable({ mappingEngine, options }) {
    if (!Object.hasOwn(REQUIRED_OPTIONS, mappingEngine)) return false;
    if (mappingEngine === 'JavaScript') checkScriptSizes(options);
    return REQUIRED_OPTIONS[mappingEngine]?.every((option) => (options[option] ?? null) !== null) ?? false;
  },
};

function checkScriptSizes(options: MappingContext['options']): void {
  for (const name of ['incomingScript', 'outgoingScript']) {
    const script = options[name];
    const length = typeof script === 'string' ? script.length : stringifyJson(script ?? '').length;
    if (length > MAX_SCRIPT_CHARACTERS) {
      const reason = `The script size was bigger than the allowed <${MAX_SCRIPT_CHARACTERS}> bytes: <${length}> bytes`;
      throw makeError(
        'connectivity:message.mapper.config.failed',
        `The message mapper configuration failed due to: ${reason}`,
      );
    }
  }
}

/**
 * Every definition must be usable as far as that can be told, and every name in `payloadMapping` known
 * (connectivity/service/.../mapping/DefaultMessageMapperRegistry.java, `validatePayloadMapping`).
 *
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkMappers(
  { mappingDefinitions, sources, targets }: Connection,
  { mappers }: ValidationConfig,
): void {
  const usable = asConfigurationInvalid(() =>
    Object.keys(mappingDefinitions).filter((id) => {
      const context = mappingDefinitions[id];
      return context !== undefined && mappers.isUsable(context);
    }),
  );
  for (const { payloadMapping } of [...sources, ...targets]) {
    const unknown = payloadMapping.find(
      (id) => !usable.includes(id) && !mappers.withoutDefinition.includes(id),
    );
    if (unknown === undefined) continue;
    throw configurationInvalid(
      `The mapper <${unknown}> could not be loaded.`,
      `Make sure to only use either the specified mappingDefinitions names [${javaHashOrder(usable).join(', ')}] or fallback mapper names [${mappers.withoutDefinition.join(', ')}].`,
    );
  }
}
