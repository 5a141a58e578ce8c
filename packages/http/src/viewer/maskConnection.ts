import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@hawser/core';

const MASK = '*****';

/** What is no secret of credentials; everything else in them is masked, so that a new kind of secret cannot be forgotten. */
const SHOWN_CREDENTIALS = new Set([
  'type',
  'username',
  'clientId',
  'tokenEndpoint',
  'requestedScopes',
  'audience',
  'algorithm',
  'cert',
  'publicKey',
]);
const SHOWN_PARAMETERS = new Set([
  'region',
  'service',
  'doubleEncode',
  'canonicalHeaders',
  'xAmzContentSha256',
  'sharedKeyName',
  'endpoint',
  'ttl',
  'workspaceId',
]);
const SECRET_NAME =
  /pass(?:word|phrase|wd)|secret|token|(?:^|[-_.])key$|(?:api|access|private|shared|account|signing)[-_]?key(?!name)|jaas|cookie|signature|^sig$|^(?:proxy-)?authorization$/i;

/** A connection, whole or in part, as someone may see it who only reads: every secret replaced. */
export const maskConnection = (connection: JsonObject): JsonObject =>
  mapMembers(connection, (name, value) => maskMember(name, value));

function maskMember(name: string, value: JsonValue): JsonValue {
  if (name === 'credentials' && isJsonObject(value)) return mapMembers(value, maskCredential);
  return SECRET_NAME.test(name) ? maskLeaves(value) : maskInside(name, value);
}

function maskCredential(name: string, value: JsonValue): JsonValue {
  if (name === 'parameters' && isJsonObject(value)) {
    return mapMembers(value, (key, item) =>
      SHOWN_PARAMETERS.has(key) ? maskInside(key, item) : maskLeaves(item),
    );
  }
  return SHOWN_CREDENTIALS.has(name) ? maskInside(name, value) : maskLeaves(value);
}

/** What is no secret by its name may hold some. */
function maskInside(name: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') return maskText(value);
  if (isJsonArray(value)) return value.map((item) => maskMember(name, item));
  return isJsonObject(value) ? mapMembers(value, maskMember) : value;
}

function maskLeaves(value: JsonValue): JsonValue {
  if (value === null) return null;
  if (isJsonArray(value)) return value.map(maskLeaves);
  return isJsonObject(value) ? mapMembers(value, (_name, item) => maskLeaves(item)) : MASK;
}

/** User info of URIs and secrets of queries, wherever they stand in a text. */
function maskText(text: string): string {
  const withoutUser = text.replace(/\/\/([^\s/?#]*)@/g, (_whole, userInfo: string) => {
    const colon = userInfo.indexOf(':');
    return colon < 0 ? `//${MASK}@` : `//${userInfo.slice(0, colon)}:${MASK}@`;
  });
  return withoutUser.replace(/[?&;][^?&;\s]+/g, maskParameter);
}

function maskParameter(parameter: string): string {
  const equals = parameter.indexOf('=');
  return equals > 0 && SECRET_NAME.test(parameter.slice(1, equals))
    ? `${parameter.slice(0, equals + 1)}${MASK}`
    : parameter;
}

/** `Object.fromEntries` keeps a member named `__proto__` as a member. */
const mapMembers = (json: JsonObject, change: (name: string, value: JsonValue) => JsonValue): JsonObject =>
  Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      value === undefined ? undefined : change(name, value),
    ]),
  );
