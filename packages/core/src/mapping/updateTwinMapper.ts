import { isDittoError } from '../errors/dittoError.ts';
import { isJsonObject } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { CompiledTemplate } from '../placeholders/template.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { buildHeaders, headersFromJson, headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { adaptableFromPayload, dittoDefaultOptions } from './dittoMapper.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { compileOptions } from './optionTemplates.ts';
import type { MapperEnvironment } from './payloadMapper.ts';

type Templates = readonly (readonly [string, CompiledTemplate])[];

/**
 * Merges what a device answered to a live retrieve into its twin
 * (connectivity/service/.../UpdateTwinWithLiveResponseMessageMapper.java). Inbound only; everything else is dropped.
 */
export const updateTwinWithLiveResponseEngine: MapperEngine = {
  alias: 'UpdateTwinWithLiveResponse',
  needsDefinition: false,
  defaultOptions: {
    ...dittoDefaultOptions,
    dittoHeadersForMerge: { 'response-required': false, 'if-match': '*' },
  },
  create(options, environment) {
    const configured = options['dittoHeadersForMerge'];
    const templates = compileOptions(isJsonObject(configured) ? headersFromJson(configured) : {});
    return {
      mapInbound: (message, context) => mergeOf(message, context, templates, environment),
      mapOutbound: () => [],
    };
  },
};

function mergeOf(
  message: ExternalMessage,
  context: PlaceholderContext,
  templates: Templates,
  environment: MapperEnvironment,
): readonly Adaptable[] {
  const response = liveRetrieveResponse(message);
  if (response === undefined) return [];
  const { type, entityId, resourcePath, adaptable, headers } = signalFromAdaptable(response);
  if (!type.startsWith('things.responses:retrieve') || entityId === undefined) return [];
  const correlationId = headerValue(headers, 'correlation-id') ?? environment.newId();
  const merge: Adaptable = {
    topic: { ...adaptable.topic, channel: 'twin', action: 'merge' },
    headers: withHeaders(resolveHeaders(templates, context), {
      'correlation-id': `${correlationId}-merge-into-twin`,
      'content-type': 'application/merge-patch+json',
    }),
    path: resourcePath,
    value: adaptable.value ?? null,
  };
  return [merge];
}

function liveRetrieveResponse(message: ExternalMessage): Adaptable | undefined {
  try {
    const adaptable = adaptableFromPayload(message);
    const { group, channel, criterion, action } = adaptable.topic;
    const isLive =
      group === 'things' && channel === 'live' && criterion === 'commands' && action === 'retrieve';
    return isLive && adaptable.status !== undefined ? adaptable : undefined;
  } catch (error) {
    if (isDittoError(error)) return undefined;
    throw error;
  }
}

/** What does not resolve stays as it is written. */
function resolveHeaders(templates: Templates, context: PlaceholderContext): Readonly<Record<string, string>> {
  return buildHeaders(
    Object.fromEntries(
      templates.map(([name, template]) => [name, template.partially(context) ?? template.text]),
    ),
  );
}
