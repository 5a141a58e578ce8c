import {
  type Adaptable,
  adaptableToJson,
  builtInEngines,
  type ConfiguredMapper,
  compileInboundMapping,
  createMapperRegistry,
  createOutboundMappings,
  type DittoHeaders,
  defaultPipelineLimits,
  type ExternalMessage,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MapperRegistry,
  type MapperResult,
  MessageContext,
  type PipelineEnvironment,
  parseAdaptable,
  parseJson,
  parseMappingDefinition,
  SignalContext,
  signalFromAdaptable,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

const environment: PipelineEnvironment = {
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
  engines: builtInEngines,
  limits: defaultPipelineLimits,
};
const origin = { connectionId: 'conn-1', now: environment.now };
const subjects = ['integration:sub'];

function registryOf(json: JsonObject): MapperRegistry {
  const definitions = Object.entries(json).map(
    ([id, definition]) => [id, parseMappingDefinition(definition as JsonObject)] as const,
  );
  return createMapperRegistry(Object.fromEntries(definitions), environment.engines, environment);
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

function mapperOf({ mapper, use }: JsonObject): ConfiguredMapper {
  const registry = registryOf(mapper === undefined ? {} : { mapper });
  const ids = typeof use === 'string' ? [use] : mapper === undefined ? [] : ['mapper'];
  return registry.resolve(ids)[0] as ConfiguredMapper;
}

/** The mapper alone, without what surrounds it. */
async function payloadMapping(input: JsonObject): Promise<readonly JsonObject[]> {
  const { mapper } = mapperOf(input);
  if (input['direction'] === 'inbound') {
    const message = messageOf(input['message'] as JsonObject);
    const adaptables = await mapper.mapInbound(message, new MessageContext(origin, message, subjects));
    return adaptables.map((adaptable) => ({ adaptable: adaptableToJson(adaptable) }));
  }
  const adaptable = parseAdaptable(input['adaptable'] as JsonObject);
  const messages = await mapper.mapOutbound(adaptable);
  return messages.map((message) => ({
    headers: { ...message.headers },
    ...payloadOf(message),
    response: adaptable.status !== undefined,
  }));
}

function outcomeOf<T>(mapper: string, result: MapperResult<T>, show: (message: T) => JsonObject): JsonObject {
  const { outcome } = result;
  if (outcome === 'mapped') return { mapper, outcome, messages: result.messages.map(show) };
  if (outcome === 'dropped') return { mapper, outcome, reason: result.reason };
  return { mapper, outcome: 'error', error: result.error.toJson() };
}

const namesOf = (value: JsonValue | undefined): readonly string[] =>
  isJsonArray(value) ? value.map(String) : [];

async function mapInbound(input: JsonObject): Promise<readonly JsonObject[]> {
  const registry = registryOf((input['mappingDefinitions'] ?? {}) as JsonObject);
  const map = compileInboundMapping(registry.resolve(namesOf(input['payloadMapping'])), environment);
  const message = messageOf(input['message'] as JsonObject);
  const mapped = await map(message, new MessageContext(origin, message, subjects));
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

async function mapOutbound(input: JsonObject): Promise<readonly JsonObject[]> {
  const registry = registryOf((input['mappingDefinitions'] ?? {}) as JsonObject);
  const adaptable = parseAdaptable(input['adaptable'] as JsonObject);
  const signal = signalFromAdaptable(adaptable);
  const labels = { declared: new Set<string>(), issued: new Set<string>() };
  const mappings = createOutboundMappings(registry, labels, environment);
  const map = mappings.of(namesOf(input['payloadMapping']), undefined);
  const mapped = await map(signal, new SignalContext(signal, origin, adaptable.extra), adaptable.extra);
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
  if (typeof text !== 'string' || !/^[[{]/.test(text)) return text === undefined ? rest : { ...rest, text };
  const json = parseJson(text);
  if (!isJsonObject(json) || json['specversion'] === undefined) return { ...rest, textJson: json };
  const { time: _, ...event } = json;
  return { ...rest, textJson: event };
}

/** Payload mappers, alone and within the mapping of a connection. */
export const mappingReaders: Readers = {
  'oracle:payload-mapping': payloadMapping,
  'pipeline:mapInbound': mapInbound,
  'pipeline:mapOutbound': mapOutbound,
};
