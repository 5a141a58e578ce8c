import {
  type Adaptable,
  adaptableToJson,
  builtInEngines,
  type ConfiguredMapper,
  createMapperRegistry,
  type ExternalMessage,
  type JsonObject,
  type MappingContext,
  type PlaceholderContext,
  parseAdaptable,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

const environment = { now: () => Date.now(), newId: () => crypto.randomUUID() };

/** An external message in its vector form. */
export function messageOf(json: JsonObject): ExternalMessage {
  const bytes = json['bytesBase64'];
  return {
    headers: json['headers'] as Readonly<Record<string, string>>,
    ...(typeof json['text'] === 'string' ? { text: json['text'] } : {}),
    ...(typeof bytes === 'string' ? { bytes: Buffer.from(bytes, 'base64') } : {}),
  };
}

function mapperOf(input: JsonObject): ConfiguredMapper {
  const definition = input['mapper'] as JsonObject | undefined;
  const { use } = input;
  const definitions = definition === undefined ? {} : { mapper: definitionOf(definition) };
  const registry = createMapperRegistry(definitions, builtInEngines, environment);
  const ids = typeof use === 'string' ? [use] : definition === undefined ? [] : ['mapper'];
  return registry.resolve(ids)[0] as ConfiguredMapper;
}

export const definitionOf = (json: JsonObject): MappingContext => ({
  mappingEngine: String(json['mappingEngine']),
  options: json['options'] as JsonObject,
  incomingConditions: (json['incomingConditions'] ?? {}) as Readonly<Record<string, string>>,
  outgoingConditions: (json['outgoingConditions'] ?? {}) as Readonly<Record<string, string>>,
});

export function payloadOf({ text, bytes }: ExternalMessage): JsonObject {
  return {
    payloadType: text !== undefined ? 'TEXT' : bytes !== undefined ? 'BYTES' : 'UNKNOWN',
    ...(text === undefined ? {} : { text }),
    ...(bytes === undefined ? {} : { bytesBase64: Buffer.from(bytes).toString('base64') }),
  };
}

async function payloadMapping(input: JsonObject): Promise<readonly JsonObject[]> {
  const { mapper } = mapperOf(input);
  if (input['direction'] === 'inbound') {
    const message = messageOf(input['message'] as JsonObject);
    const context: PlaceholderContext = { headers: message.headers, now: environment.now() };
    const adaptables = await mapper.mapInbound(message, context);
    return adaptables.map((adaptable: Adaptable) => ({ adaptable: adaptableToJson(adaptable) }));
  }
  const adaptable = parseAdaptable(input['adaptable'] as JsonObject);
  const messages = await mapper.mapOutbound(adaptable);
  return messages.map((message) => ({
    headers: { ...message.headers },
    ...payloadOf(message),
    response: adaptable.status !== undefined,
  }));
}

export const mappingReaders: Readers = {
  'oracle:payload-mapping': payloadMapping,
};
