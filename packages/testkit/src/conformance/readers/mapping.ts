import {
  type Adaptable,
  adaptableToJson,
  builtInEngines,
  type ConfiguredMapper,
  compileInboundMapping,
  compileMapper,
  createMapperRegistry,
  createOutboundMappings,
  type DittoHeaders,
  defaultPipelineLimits,
  type ExternalMessage,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MapperEngine,
  type MapperRegistry,
  type MapperResult,
  type MappingContext,
  MessageContext,
  parseAdaptable,
  parseJson,
  parseMappingDefinition,
  SignalContext,
  signalFromAdaptable,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

/** The engines for mapping definitions that are about to be used. */
export type EnginesFor = (
  definitions: Readonly<Record<string, MappingContext>>,
) => readonly MapperEngine[] | Promise<readonly MapperEngine[]>;

const world = {
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
  limits: defaultPipelineLimits,
};
const origin = { connectionId: 'conn-1', now: world.now };
const subjects = ['integration:sub'];

async function registryOf(json: JsonObject, enginesFor: EnginesFor): Promise<MapperRegistry> {
  const definitions = Object.fromEntries(
    Object.entries(json).map(([id, definition]) => [id, parseMappingDefinition(definition as JsonObject)]),
  );
  return createMapperRegistry(definitions, await enginesFor(definitions), world);
}

/** An external message in its vector form. */
function messageOf(json: JsonObject): ExternalMessage {
  const bytes = json['bytesBase64'];
  return {
    headers: json['headers'] as Readonly<Record<string, string>>,
    ...(typeof json['text'] === 'string' ? { text: json['text'] } : {}),
    ...(typeof bytes === 'string' ? { bytes: Buffer.from(bytes, 'base64') } : {}),
  };
}

function payloadOf({ text, bytes }: ExternalMessage): JsonObject {
  return {
    payloadType: text !== undefined ? 'TEXT' : bytes !== undefined ? 'BYTES' : 'UNKNOWN',
    ...(text === undefined ? {} : { text }),
    ...(bytes === undefined ? {} : { bytesBase64: Buffer.from(bytes).toString('base64') }),
  };
}

/** The id that messages about the mapper of an oracle case have. */
const MAPPER = 'm';

function mapperOf({ mapper, use }: JsonObject, registry: MapperRegistry): ConfiguredMapper {
  const ids = typeof use === 'string' ? [use] : mapper === undefined ? [] : [MAPPER];
  return registry.resolve(ids)[0] as ConfiguredMapper;
}

const definitionsOf = ({ mapper }: JsonObject): JsonObject =>
  mapper === undefined ? {} : { [MAPPER]: mapper };

/** The mapper alone, without what surrounds it. */
async function payloadMapping(input: JsonObject, enginesFor: EnginesFor): Promise<readonly JsonObject[]> {
  const { mapper } = mapperOf(input, await registryOf(definitionsOf(input), enginesFor));
  if (input['direction'] === 'inbound') {
    const message = messageOf(input['message'] as JsonObject);
    const adaptables = await mapper.mapInbound(message, new MessageContext(origin, message, subjects));
    return adaptables.map(inboundResult);
  }
  const adaptable = parseAdaptable(input['adaptable'] as JsonObject);
  const messages = await mapper.mapOutbound(adaptable);
  return messages.map((message) => outboundResult(message, adaptable));
}

/** A mapper with the limits around it. @throws DittoError what the mapping failed with */
async function limitedMapping(input: JsonObject, enginesFor: EnginesFor): Promise<readonly JsonObject[]> {
  const registry = await registryOf(definitionsOf(input), enginesFor);
  const mapper = compileMapper(mapperOf(input, registry), world.limits);
  try {
    if (input['direction'] === 'inbound') {
      const message = messageOf(input['message'] as JsonObject);
      const context = new MessageContext(origin, message, subjects);
      return messagesOf(await mapper.runInbound(message, context)).map(inboundResult);
    }
    const adaptable = parseAdaptable(input['adaptable'] as JsonObject);
    const context = new SignalContext(signalFromAdaptable(adaptable), origin, adaptable.extra);
    const messages = messagesOf(await mapper.runOutbound(adaptable, context));
    return messages.map((message) => outboundResult(message, adaptable));
  } finally {
    registry.close();
  }
}

function messagesOf<T>(result: MapperResult<T>): readonly T[] {
  if (result.outcome === 'failed') throw result.error;
  return result.outcome === 'mapped' ? result.messages : [];
}

const inboundResult = (adaptable: Adaptable): JsonObject => ({ adaptable: adaptableToJson(adaptable) });

const outboundResult = (message: ExternalMessage, { status }: Adaptable): JsonObject => ({
  headers: { ...message.headers },
  ...payloadOf(message),
  response: status !== undefined,
});

function outcomeOf<T>(mapper: string, result: MapperResult<T>, show: (message: T) => JsonObject): JsonObject {
  const { outcome } = result;
  if (outcome === 'mapped') return { mapper, outcome, messages: result.messages.map(show) };
  if (outcome === 'dropped') return { mapper, outcome, reason: result.reason };
  return { mapper, outcome: 'error', error: result.error.toJson() };
}

const namesOf = (value: JsonValue | undefined): readonly string[] =>
  isJsonArray(value) ? value.map(String) : [];

async function mapInbound(input: JsonObject, enginesFor: EnginesFor): Promise<readonly JsonObject[]> {
  const registry = await registryOf((input['mappingDefinitions'] ?? {}) as JsonObject, enginesFor);
  const map = compileInboundMapping(registry.resolve(namesOf(input['payloadMapping'])), world);
  const message = messageOf(input['message'] as JsonObject);
  const mapped = await map(message, new MessageContext(origin, message, subjects));
  registry.close();
  return mapped.map(({ mapper, result }) =>
    outcomeOf(mapper, result, ({ adaptable, signal }) => ({
      message: adaptableToJson(adaptable),
      signal: { type: signal.type, headers: lowerCased(signal.headers) },
    })),
  );
}

/** Names are the same whatever their case; Ditto's map of them shows lower case. */
const lowerCased = (headers: DittoHeaders): JsonObject =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

async function mapOutbound(input: JsonObject, enginesFor: EnginesFor): Promise<readonly JsonObject[]> {
  const registry = await registryOf((input['mappingDefinitions'] ?? {}) as JsonObject, enginesFor);
  const adaptable = parseAdaptable(input['adaptable'] as JsonObject);
  const signal = signalFromAdaptable(adaptable);
  const labels = { declared: new Set<string>(), issued: new Set<string>() };
  const mappings = createOutboundMappings(registry, labels, { ...world, engines: [] });
  const map = mappings.of(namesOf(input['payloadMapping']), undefined);
  const mapped = await map(signal, new SignalContext(signal, origin, adaptable.extra), adaptable.extra);
  registry.close();
  return mapped.map(({ mapper, result }) =>
    outcomeOf(mapper, result, (message) => ({
      headers: { ...message.headers },
      ...withoutTime(payloadOf(message)),
      ...flagsOf(adaptable),
    })),
  );
}

const flagsOf = ({ topic, status }: Adaptable): JsonObject => ({
  isResponse: status !== undefined,
  isError: topic.criterion === 'errors',
});

/** JSON is shown as such, CloudEvents without the time of their making. */
function withoutTime({ text, ...rest }: JsonObject): JsonObject {
  const json = typeof text === 'string' ? structureOf(text) : undefined;
  if (json === undefined) return text === undefined ? rest : { ...rest, text };
  if (!isJsonObject(json) || json['specversion'] === undefined) return { ...rest, textJson: json };
  const { time: _, ...event } = json;
  return { ...rest, textJson: event };
}

/** The object that a text is; undefined for any other text. */
function structureOf(text: string): JsonValue | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Payload mappers, alone and within the mapping of a connection. */
export const mappingReadersWith = (enginesFor: EnginesFor): Readers => ({
  'oracle:payload-mapping': (input) => payloadMapping(input, enginesFor),
  'oracle:javascript-mapping': (input) => limitedMapping(input, enginesFor),
  'pipeline:mapInbound': (input) => mapInbound(input, enginesFor),
  'pipeline:mapOutbound': (input) => mapOutbound(input, enginesFor),
});

export const mappingReaders: Readers = mappingReadersWith(() => builtInEngines);
