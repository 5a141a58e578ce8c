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
  const withContexts = inheritAuthorizationContext(json);
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
  let changed: JsonValue[] | undefined;
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (!isJsonObject(part)) continue;
    const next = change(part);
    if (next === part) continue;
    changed ??= [...parts];
    changed[at] = next;
  }
  return changed === undefined ? json : { ...json, [member]: changed };
}

function inheritAuthorizationContext(connection: JsonObject): JsonObject {
  const { authorizationContext } = connection;
  if (!isJsonArray(authorizationContext)) return connection;
  return mapParts(connection, (part) =>
    Object.hasOwn(part, 'authorizationContext') ? part : { ...part, authorizationContext },
  );
}

function filtersToEnforcement(source: JsonObject): JsonObject {
  if (!isJsonArray(source['filters'])) return source;
  const { filters, ...rest } = source;
  return { ...rest, enforcement: { input: '{{ source:address }}', filters } };
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
