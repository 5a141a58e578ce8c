import { type JsonPointer, parseFieldSelector, selectFields } from '../json/fieldSelector.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { parsePointer } from '../protocol/pointer.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { formatTopicPath } from '../protocol/topicPath.ts';
import { nest } from './jsonNesting.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionBoolean, optionText } from './mapperOptions.ts';
import { mergePatch, withoutNulls } from './mergePatch.ts';

/** Changes of things as sparse things (connectivity/service/.../NormalizedMessageMapper.java). Outbound only. */
export const normalizedEngine: MapperEngine = {
  alias: 'Normalized',
  needsDefinition: false,
  defaultOptions: {},
  create(options) {
    const selector = optionText(options, 'fields');
    const fields = selector === undefined ? undefined : selectorOf(selector);
    const includeDeletedFields = optionBoolean(options, 'includeDeletedFields') ?? false;
    return {
      mapInbound: () => [],
      mapOutbound: (adaptable) =>
        isChange(adaptable, includeDeletedFields)
          ? [normalized(adaptable, fields, includeDeletedFields)]
          : [],
    };
  },
};

/** An empty selector selects nothing. */
const selectorOf = (text: string): readonly JsonPointer[] => (text === '' ? [] : parseFieldSelector(text));

function isChange({ topic, path }: Adaptable, includeDeletedFields: boolean): boolean {
  if (topic.group !== 'things' || topic.criterion !== 'events') return false;
  if (topic.action === 'deleted') return includeDeletedFields || path === '/';
  return topic.action === 'created' || topic.action === 'modified' || topic.action === 'merged';
}

function normalized(
  adaptable: Adaptable,
  fields: readonly JsonPointer[] | undefined,
  includeDeletedFields: boolean,
): ExternalMessage {
  const change = changeOf(adaptable, includeDeletedFields);
  const enriched =
    adaptable.extra === undefined ? change : (mergePatch(adaptable.extra, change) as JsonObject);
  const selected = fields === undefined ? enriched : selectFields(enriched, fields);
  const result = adaptable.topic.action === 'merged' ? withoutNulls(selected, { dropEmpty: true }) : selected;
  return { headers: { 'content-type': 'application/json' }, text: stringifyJson(result) };
}

function changeOf(adaptable: Adaptable, includeDeletedFields: boolean): JsonObject {
  const { topic, timestamp, revision, value } = adaptable;
  const keys = parsePointer(adaptable.path);
  const nested = value === undefined ? {} : nest(keys, value);
  const deletedFields = includeDeletedFields ? deletedFieldsOf(adaptable, keys) : undefined;
  return {
    thingId: `${topic.namespace}:${topic.name}`,
    ...(isJsonObject(nested) ? nested : {}),
    ...(timestamp === undefined ? {} : { _modified: timestamp }),
    ...(revision === undefined ? {} : { _revision: revision }),
    ...(topic.action === 'deleted' && keys.length === 0 && timestamp !== undefined
      ? { _deleted: timestamp }
      : {}),
    ...(deletedFields === undefined ? {} : { _deletedFields: deletedFields }),
    _context: contextOf(adaptable),
  };
}

function contextOf(adaptable: Adaptable): JsonObject {
  return {
    topic: formatTopicPath(adaptable.topic),
    path: adaptable.path,
    value: adaptable.value ?? null,
    ...(adaptable.fields === undefined ? {} : { fields: adaptable.fields }),
    headers: { ...adaptable.headers },
  };
}

/** What the event deleted, as a tree with the event's time at its leaves; nothing without a time. */
function deletedFieldsOf(
  { topic, timestamp, value }: Adaptable,
  keys: readonly string[],
): JsonObject | undefined {
  if (timestamp === undefined) return undefined;
  const isWhole = topic.action === 'deleted' || (topic.action === 'merged' && value === null);
  if (isWhole) return keys.length === 0 ? undefined : (nest(keys, timestamp) as JsonObject);
  if (topic.action !== 'merged' || !isJsonObject(value)) return undefined;
  const leaves = nullLeaves(value, timestamp);
  return Object.keys(leaves).length === 0 ? undefined : (nest(keys, leaves) as JsonObject);
}

function nullLeaves(patch: JsonObject, timestamp: string): JsonObject {
  const leaves: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (isRegexDeletion(key)) continue;
    if (value === null) leaves.push([key, timestamp]);
    else if (isJsonObject(value)) {
      const inner = nullLeaves(value, timestamp);
      if (Object.keys(inner).length > 0) leaves.push([key, inner]);
    }
  }
  return Object.fromEntries(leaves);
}

/** `{{ ~regex~ }}` deletes by pattern: which keys it hit is not known. */
const isRegexDeletion = (key: string): boolean =>
  key.startsWith('{{') && key.endsWith('}}') && (key.includes('~') || key.includes('/'));
