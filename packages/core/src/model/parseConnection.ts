import { jsonFormatInvalid, jsonInvalid, jsonNotAnObject } from '../errors/jsonErrors.ts';
import {
  optionalArray,
  optionalBoolean,
  optionalInt,
  optionalLong,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from '../json/fields.ts';
import { distinct, mapDefined, mapMembers, onlyStrings, textMembers } from '../json/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { rememberJson } from '../json/rememberJson.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { checkConnection, migrateConnection } from './completeConnection.ts';
import {
  type Connection,
  type ConnectionType,
  type ConnectivityStatus,
  connectionTypes,
  connectivityStatuses,
  type MappingContext,
  type Source,
  type Target,
} from './connection.ts';
import { parseConnectionId } from './connectionId.ts';
import { isBlank, parseConnectionUri } from './connectionUri.ts';
import { parseCredentials, parseSshTunnel } from './parseCredentials.ts';
import { parseSource } from './parseSource.ts';
import { parseTarget } from './parseTarget.ts';

/**
 * Reads a connection, fills in defaults, completes legacy forms and checks what concerns the connection as a whole
 * (connectivity/model/.../ConnectivityModelFactory.java, `connectionFromJson`). Fields are read in Ditto's order,
 * so that of several faults the same one is reported.
 *
 * @throws DittoError
 */
export function parseConnection(json: JsonValue): Connection {
  if (!isJsonObject(json)) throw jsonNotAnObject(json);
  const connectionType = parseType(requiredString(json, 'connectionType'));
  const mappingContext = parseLegacyMappingContext(json);
  const mappingDefinitions = parseMappingDefinitions(optionalObject(json, 'mappingDefinitions'));
  const id = parseConnectionId(requiredString(json, 'id'));
  const connectionStatus = parseStatus(requiredString(json, 'connectionStatus'));
  const uri = connectionType === 'hono' ? (optionalString(json, 'uri') ?? '') : requiredString(json, 'uri');
  const fields = {
    id,
    connectionType,
    connectionStatus,
    // here already: a member that is added to a copy gives every copy a shape of its own, of 1 kB
    uri,
    sources: parseSources(json),
    targets: parseTargets(json),
    name: optionalString(json, 'name'),
    specificConfig: textMembers(optionalObject(json, 'specificConfig')),
    tags: distinct(onlyStrings(optionalArray(json, 'tags'))),
    lifecycle: parseLifecycle(optionalString(json, '__lifecycle')),
    revision: optionalLong(json, '_revision'),
    modified: parseTimestamp(optionalString(json, '_modified')),
    created: parseTimestamp(optionalString(json, '_created')),
    credentials: mapDefined(optionalObject(json, 'credentials'), parseCredentials),
    clientCount: positive(optionalInt(json, 'clientCount'), 'client count'),
    failoverEnabled: optionalBoolean(json, 'failoverEnabled') ?? true,
    validateCertificates: optionalBoolean(json, 'validateCertificates') ?? true,
    processorPoolSize: positive(optionalInt(json, 'processorPoolSize'), 'processor pool size'),
    ca: parseCa(optionalString(json, 'ca')),
    sshTunnel: mapDefined(optionalObject(json, 'sshTunnel'), parseSshTunnel),
    mappingDefinitions,
  };
  checkConnection(fields);
  return { ...migrateConnection(fields, mappingContext), uri: parseConnectionUri(uri).uri };
}

function parseType(name: string): ConnectionType {
  const type = connectionTypes.find((known) => known === name);
  if (type === undefined) throw jsonInvalid(`Connection type <${name}> is invalid!`);
  return type;
}

function parseStatus(name: string): ConnectivityStatus {
  const status = connectivityStatuses.find((known) => known === name);
  if (status === undefined) throw jsonInvalid(`Connection status <${name}> is invalid!`);
  return status;
}

/** The one object for which JSON null does not count as absent: it is an object without fields. */
function parseLegacyMappingContext(json: JsonObject): MappingContext | undefined {
  if (!Object.hasOwn(json, 'mappingContext')) return undefined;
  return parseMappingContext(optionalObject(json, 'mappingContext') ?? {});
}

/** What is no object is dropped without a word; null counts as an empty one. */
const parseMappingDefinitions = rememberJson((json: JsonObject | undefined) =>
  mapMembers(json, (definition) =>
    definition === null || isJsonObject(definition) ? parseMappingDefinition(definition) : undefined,
  ),
);

export function parseMappingDefinition(json: JsonValue): MappingContext {
  if (json !== null && !isJsonObject(json)) throw jsonNotAnObject(json);
  return parseMappingContext(json ?? {});
}

/** connectivity/model/.../ImmutableMappingContext.java */
function parseMappingContext(json: JsonObject): MappingContext {
  return {
    mappingEngine: requiredString(json, 'mappingEngine'),
    options: requiredObject(json, 'options'),
    incomingConditions: textMembers(optionalObject(json, 'incomingConditions')),
    outgoingConditions: textMembers(optionalObject(json, 'outgoingConditions')),
  };
}

/** Items that are neither objects nor null are skipped; the index stays that of the array. */
function parseSources(json: JsonObject): readonly Source[] {
  return (optionalArray(json, 'sources') ?? []).flatMap((item, index) =>
    item === null || isJsonObject(item) ? parseSource(item ?? {}, index) : [],
  );
}

function parseTargets(json: JsonObject): readonly Target[] {
  return (optionalArray(json, 'targets') ?? []).flatMap((item) =>
    item === null || isJsonObject(item) ? parseTarget(item ?? {}) : [],
  );
}

const parseLifecycle = (name: string | undefined): Connection['lifecycle'] =>
  name === 'ACTIVE' || name === 'DELETED' ? name : undefined;

function parseTimestamp(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return canonicalInstant(text);
  } catch {
    throw jsonInvalid("The JSON object's field '/_modified' is not in ISO-8601 format as expected");
  }
}

function positive(count: number | undefined, what: string): number {
  if (count === undefined) return 1;
  if (count <= 0) throw jsonFormatInvalid(`The ${what} must be positive!`);
  return count;
}

const parseCa = (pem: string | undefined): string | undefined =>
  pem === undefined || isBlank(pem) ? undefined : pem;
