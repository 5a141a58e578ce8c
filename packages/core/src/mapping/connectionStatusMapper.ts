import { mapperConfigurationInvalid } from '../errors/connectivityErrors.ts';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { hasPlaceholder } from '../placeholders/scanTemplate.ts';
import type { CompiledTemplate } from '../placeholders/template.ts';
import { formatInstant } from '../placeholders/timePlaceholder.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { formatPointer } from '../protocol/pointer.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { checkThingId, splitId } from '../signals/entityId.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionText } from './mapperOptions.ts';
import { mapperOptionInvalid } from './mappingErrors.ts';
import { compileHeaderOption } from './optionTemplates.ts';

const DEFINITION = 'org.eclipse.ditto:ConnectionStatus:1.0.0';
const DISTANT_FUTURE = '9999-12-31T23:59:59Z';
const HEADERS = { 'response-required': 'false', 'requested-acks': '[]', 'content-type': 'application/json' };

/**
 * Until when a device can be reached, from the headers `ttd` (s) and `creation-time` (ms since 1970) of Eclipse Hono
 * (connectivity/service/.../ConnectionStatusMessageMapper.java). Inbound only; what cannot be used is dropped without a word.
 */
export const connectionStatusEngine: MapperEngine = {
  alias: 'ConnectionStatus',
  needsDefinition: true,
  defaultOptions: {},
  create(options) {
    const thingId = optionText(options, 'thingId');
    if (thingId === undefined) throw mapperConfigurationInvalid('thingId');
    if (!hasPlaceholder(thingId)) checkFixedId(thingId);
    const thing = compileHeaderOption(thingId);
    const feature = compileHeaderOption(optionText(options, 'featureId') ?? 'ConnectionStatus');
    return {
      mapInbound: (message, context) => statusOf(message, context, thing, feature),
      mapOutbound: () => [],
    };
  },
};

function checkFixedId(thingId: string): void {
  try {
    checkThingId(thingId);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw mapperOptionInvalid(error, 'Make sure to use a valid Thing ID.');
  }
}

function statusOf(
  { headers }: ExternalMessage,
  context: PlaceholderContext,
  thing: CompiledTemplate,
  feature: CompiledTemplate,
): readonly Adaptable[] {
  try {
    const [namespace, name] = splitId(checkThingId(thing.require(context)));
    const created = longHeader(headers, 'creation-time');
    const ttd = longHeader(headers, 'ttd');
    const change = changeOf(feature.require(context), created, ttd);
    if (change === undefined) return [];
    const topic = { ...MODIFY_TWIN, namespace, name };
    return [{ topic, headers: HEADERS, path: formatPointer(change.keys), value: change.value }];
  } catch (error) {
    if (isDittoError(error)) return [];
    throw error;
  }
}

const MODIFY_TWIN = {
  group: 'things',
  channel: 'twin',
  criterion: 'commands',
  action: 'modify',
  subject: undefined,
} as const;

interface Change {
  readonly keys: readonly string[];
  readonly value: JsonValue;
}

function changeOf(
  featureId: string,
  created: number | undefined,
  ttd: number | undefined,
): Change | undefined {
  if (created === undefined || ttd === undefined || created < 0 || ttd < -1) return undefined;
  const until = ttd === -1 ? DISTANT_FUTURE : instant(created + ttd * 1000);
  const readySince = instant(created);
  if (readySince === undefined || until === undefined || featureId === '' || featureId.includes('/'))
    return undefined;
  const keys = ['features', featureId];
  if (ttd === 0) return { keys: [...keys, 'properties', 'status', 'readyUntil'], value: readySince };
  return {
    keys,
    value: { definition: [DEFINITION], properties: { status: { readySince, readyUntil: until } } },
  };
}

/** Undefined beyond the years that a date can hold. */
const instant = (ms: number): string | undefined => (Math.abs(ms) > 8.64e15 ? undefined : formatInstant(ms));

/** A header by its exact name, as Java's `Long.parseLong` reads it. */
function longHeader(headers: Readonly<Record<string, string>>, name: string): number | undefined {
  const text = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return text !== undefined && /^[+-]?\d{1,19}$/.test(text) ? Number(text) : undefined;
}
