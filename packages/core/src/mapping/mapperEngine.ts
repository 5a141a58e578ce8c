import type { JsonObject } from '../json/jsonValue.ts';
import type { MapperEnvironment, PayloadMapper } from './payloadMapper.ts';

/** A kind of payload mapper, by the name that `mappingEngine` gives it. */
export interface MapperEngine {
  readonly alias: string;
  /** Without a definition there is no mapper of this kind; the others can be named in `payloadMapping` right away. */
  readonly needsDefinition: boolean;
  /** Laid under the configured options. */
  readonly defaultOptions: JsonObject;
  /**
   * @throws DittoError `connectivity:message.mapper.config.invalid`: the definition is of no use and is left out;
   * any other: the connection cannot be used
   */
  create(options: JsonObject, environment: MapperEnvironment): PayloadMapper;
}
