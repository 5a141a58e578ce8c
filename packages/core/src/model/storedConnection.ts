import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { Connection } from './connection.ts';
import { parseConnection } from './parseConnection.ts';

const OLD_PLACEHOLDER = 'topic:action|subject';
const NEW_PLACEHOLDER = 'topic:action-subject';

/**
 * Reads a connection from an event or a snapshot, whatever its age
 * (connectivity/service/.../persistence/ConnectionMigrationUtil.java). Input of commands is not migrated.
 *
 * @throws DittoError
 */
export function parseStoredConnection(json: JsonValue): Connection {
  if (!isJsonObject(json)) return parseConnection(json);
  const withContexts = mapParts(json, (part) => inheritAuthorizationContext(part, json));
  const withEnforcement = mapMember(withContexts, 'sources', filtersToEnforcement);
  const withPlaceholders = mapMember(
    mapParts(withEnforcement, renameInHeaderMapping),
    'targets',
    renameInAddress,
  );
  return parseConnection(
    json['connectionType'] === 'mqtt'
      ? withPlaceholders
      : mapMember(withPlaceholders, 'targets', addHeaderMapping),
  );
}

type Part = (part: JsonObject) => JsonObject;

const mapParts = (json: JsonObject, change: Part): JsonObject =>
  mapMember(mapMember(json, 'sources', change), 'targets', change);

/** The same object when no part changes, as with all but old records. */
function mapMember(json: JsonObject, member: 'sources' | 'targets', change: Part): JsonObject {
  const parts = json[member];
  if (!isJsonArray(parts)) return json;
  const changed = parts.map((part) => (isJsonObject(part) ? change(part) : part));
  return changed.some((part, index) => part !== parts[index]) ? { ...json, [member]: changed } : json;
}

function inheritAuthorizationContext(part: JsonObject, connection: JsonObject): JsonObject {
  const authorizationContext = connection['authorizationContext'];
  if (!isJsonArray(authorizationContext) || Object.hasOwn(part, 'authorizationContext')) return part;
  return { ...part, authorizationContext };
}

function filtersToEnforcement(source: JsonObject): JsonObject {
  const { filters, ...rest } = source;
  return isJsonArray(filters) ? { ...rest, enforcement: { input: '{{ source:address }}', filters } } : source;
}

const rename = (text: string): string => text.replaceAll(OLD_PLACEHOLDER, NEW_PLACEHOLDER);

function renameInAddress(target: JsonObject): JsonObject {
  const { address } = target;
  return isOld(address) ? { ...target, address: rename(address) } : target;
}

function renameInHeaderMapping(part: JsonObject): JsonObject {
  const { headerMapping } = part;
  if (!isJsonObject(headerMapping) || !Object.values(headerMapping).some(isOld)) return part;
  const renamed = Object.entries(headerMapping).map(([key, value]) => [
    key,
    isOld(value) ? rename(value) : value,
  ]);
  return { ...part, headerMapping: Object.fromEntries(renamed) };
}

const isOld = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && value.includes(OLD_PLACEHOLDER);

function addHeaderMapping(target: JsonObject): JsonObject {
  if (Object.hasOwn(target, 'headerMapping')) return target;
  return {
    ...target,
    headerMapping: { 'correlation-id': '{{header:correlation-id}}', 'reply-to': '{{header:reply-to}}' },
  };
}
