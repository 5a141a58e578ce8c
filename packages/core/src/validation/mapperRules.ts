import type { MapperEngine } from '../mapping/mapperEngine.ts';
import { createMapperRegistry } from '../mapping/mapperRegistry.ts';
import type { Connection } from '../model/connection.ts';
import { asConfigurationInvalid, configurationInvalid } from './configurationInvalid.ts';
import { javaHashOrder } from './javaHashOrder.ts';
import type { ValidationConfig } from './validationConfig.ts';

/** Mappers are made but no message passes them. */
const NO_WORLD = { now: () => 0, newId: () => '' };

/**
 * Every definition must give a mapper or be left out, and every name in `payloadMapping` be known
 * (connectivity/service/.../mapping/DefaultMessageMapperFactory.java, `registryOf`, `validatePayloadMapping`).
 *
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkMappers(
  { mappingDefinitions, sources, targets }: Connection,
  { engines }: ValidationConfig,
): void {
  const builtIn = engines.flatMap(({ alias, needsDefinition }) => (needsDefinition ? [] : [alias]));
  const usable = usableDefinitions(mappingDefinitions, engines);
  for (const { payloadMapping } of [...sources, ...targets]) {
    const unknown = payloadMapping.find((id) => !usable.includes(id) && !builtIn.includes(id));
    if (unknown === undefined) continue;
    throw configurationInvalid(
      `The mapper <${unknown}> could not be loaded.`,
      `Make sure to only use either the specified mappingDefinitions names [${javaHashOrder(usable).join(', ')}] or fallback mapper names [${javaHashOrder(builtIn).join(', ')}].`,
    );
  }
}

function usableDefinitions(
  definitions: Connection['mappingDefinitions'],
  engines: readonly MapperEngine[],
): readonly string[] {
  const ids = Object.keys(definitions);
  if (ids.length === 0) return ids;
  const { leftOut } = asConfigurationInvalid(() => createMapperRegistry(definitions, engines, NO_WORLD));
  return ids.filter((id) => !leftOut.has(id));
}
