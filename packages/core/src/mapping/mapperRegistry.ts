import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { MappingContext } from '../model/connection.ts';
import { dittoEngine } from './dittoMapper.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionText } from './mapperOptions.ts';
import type { MapperEnvironment, PayloadMapper } from './payloadMapper.ts';

/** A mapper with what its definition says about when it is used. */
export interface ConfiguredMapper {
  /** The id that the connection gives it; `default` for the one that is used when there is no other. */
  readonly id: string;
  readonly mapper: PayloadMapper;
  /** Content types of messages that it never sees, compared as they are written. */
  readonly contentTypeBlocklist: ReadonlySet<string>;
  /** Pipelines that must all stay resolved (`fn:filter(…)`). */
  readonly incomingConditions: readonly string[];
  readonly outgoingConditions: readonly string[];
}

/** The mappers of one connection. */
export interface MapperRegistry {
  /** In order, one each time it is listed; an id that stands for nothing gives the default mapper, and so does an empty list. */
  resolve(payloadMapping: readonly string[]): readonly ConfiguredMapper[];
  /** Ids for which there is a mapper of their own. */
  readonly known: ReadonlySet<string>;
  /** Definitions that were left out, with the reason. */
  readonly leftOut: ReadonlyMap<string, Error>;
  /** Frees what the mappers hold; see `PayloadMapper.close`. */
  close(): void;
}

const NO_DEFINITION = { options: {}, incomingConditions: {}, outgoingConditions: {} };

/**
 * Makes the mappers of a connection (connectivity/service/.../DefaultMessageMapperFactory.java). A definition comes before an
 * engine of the same name; one that is of no use is left out.
 *
 * @throws DittoError for a definition with which no connection can be used
 */
export function createMapperRegistry(
  definitions: Readonly<Record<string, MappingContext>>,
  engines: readonly MapperEngine[],
  environment: MapperEnvironment,
): MapperRegistry {
  const byAlias = new Map(engines.map((engine) => [engine.alias, engine]));
  const mappers = new Map<string, ConfiguredMapper>();
  const leftOut = new Map<string, Error>();
  for (const [id, definition] of Object.entries(definitions)) {
    const made = fromDefinition(id, definition, byAlias.get(definition.mappingEngine), environment);
    if (made instanceof Error) leftOut.set(id, made);
    else mappers.set(id, made);
  }
  const undefinedAliases = engines.flatMap(({ alias, needsDefinition }) => (needsDefinition ? [] : [alias]));
  const known = new Set([...undefinedAliases, ...mappers.keys()]);
  let standard: ConfiguredMapper | undefined;
  return {
    resolve: (ids) => (ids.length === 0 ? [standardMapper()] : ids.map(mapperOf)),
    known,
    leftOut,
    close: () => {
      for (const { mapper } of mappers.values()) mapper.close?.();
    },
  };

  function standardMapper(): ConfiguredMapper {
    standard ??= configure('default', dittoEngine, NO_DEFINITION, environment);
    return standard;
  }

  /** Most connections name none of the engines that need no definition: their mappers are made when they are asked for. */
  function mapperOf(id: string): ConfiguredMapper {
    const made = mappers.get(id);
    if (made !== undefined) return made;
    const engine = byAlias.get(id);
    if (engine === undefined || engine.needsDefinition) return standardMapper();
    const mapper = configure(id, engine, NO_DEFINITION, environment);
    mappers.set(id, mapper);
    return mapper;
  }
}

function fromDefinition(
  id: string,
  definition: MappingContext,
  engine: MapperEngine | undefined,
  environment: MapperEnvironment,
): ConfiguredMapper | Error {
  if (engine === undefined) return new Error(`There is no mapping engine <${definition.mappingEngine}>.`);
  try {
    return configure(id, engine, definition, environment);
  } catch (error) {
    if (isDittoError(error, 'connectivity:message.mapper.config.invalid')) return error;
    throw error;
  }
}

function configure(
  id: string,
  engine: MapperEngine,
  definition: Pick<MappingContext, 'options' | 'incomingConditions' | 'outgoingConditions'>,
  environment: MapperEnvironment,
): ConfiguredMapper {
  const options: JsonObject = { ...engine.defaultOptions, ...definition.options };
  return {
    id,
    mapper: engine.create(options, environment),
    contentTypeBlocklist: new Set(blocklist(optionText(options, 'content-type-blocklist') ?? '')),
    incomingConditions: Object.values(definition.incomingConditions),
    outgoingConditions: Object.values(definition.outgoingConditions),
  };
}

/** Items are neither trimmed nor folded. */
const blocklist = (text: string): readonly string[] => text.split(',').filter((item) => item !== '');
