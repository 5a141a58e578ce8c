import { jsonFormatInvalid, jsonInvalid } from '../errors/jsonErrors.ts';
import {
  optionalArray,
  optionalString,
  requiredBoolean,
  requiredObject,
  requiredString,
} from '../json/fields.ts';
import { stringItems } from '../json/items.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { Credentials, SshTunnel } from './credentials.ts';

/**
 * Reads credentials by their `type` (connectivity/model/.../Credentials.java and its implementations).
 * @throws DittoError `json.field.missing`, `json.invalid`, `json.format.invalid`
 */
export function parseCredentials(json: JsonObject): Credentials {
  const type = requiredString(json, 'type');
  switch (type) {
    case 'plain':
      return { type, username: requiredString(json, 'username'), password: requiredString(json, 'password') };
    case 'client-cert':
      return { type, cert: optionalString(json, 'cert'), key: optionalString(json, 'key') };
    case 'hmac':
      return {
        type,
        algorithm: requiredString(json, 'algorithm'),
        parameters: requiredObject(json, 'parameters'),
      };
    case 'public-key':
      return {
        type,
        username: requiredString(json, 'username'),
        publicKey: requiredString(json, 'publicKey'),
        privateKey: requiredString(json, 'privateKey'),
      };
    case 'oauth-client-credentials': {
      const fields = readStrings(json, [
        'tokenEndpoint',
        'clientId',
        'clientSecret',
        'requestedScopes',
        'audience',
      ]);
      return {
        type,
        tokenEndpoint: notNull(fields.tokenEndpoint, 'tokenEndpoint'),
        clientId: notNull(fields.clientId, 'clientId'),
        clientSecret: notNull(fields.clientSecret, 'clientSecret'),
        requestedScopes: notNull(fields.requestedScopes, 'requestedScopes'),
        audience: fields.audience,
      };
    }
    case 'oauth-password': {
      const fields = readStrings(json, [
        'tokenEndpoint',
        'clientId',
        'clientSecret',
        'requestedScopes',
        'audience',
        'username',
        'password',
      ]);
      return {
        type,
        tokenEndpoint: notNull(fields.tokenEndpoint, 'tokenEndpoint'),
        clientId: notNull(fields.clientId, 'clientId'),
        clientSecret: fields.clientSecret,
        requestedScopes: notNull(fields.requestedScopes, 'requestedScopes'),
        audience: fields.audience,
        username: notNull(fields.username, 'username'),
        password: notNull(fields.password, 'password'),
      };
    }
    default:
      throw jsonInvalid(`Unknown credential type <${type}>`, `Original JSON: ${stringifyJson(json)}`);
  }
}

/** All types are checked before any field is missed, as Ditto's builders do. */
function readStrings<K extends string>(json: JsonObject, names: readonly K[]): Record<K, string | undefined> {
  const fields = {} as Record<K, string | undefined>;
  for (const name of names) fields[name] = optionalString(json, name);
  return fields;
}

/** The OAuth credentials miss their fields with a Java NullPointerException. */
function notNull(value: string | undefined, name: string): string {
  if (value === undefined) throw jsonFormatInvalid(`The ${name} must not be null!`);
  return value;
}

/** Reads an SSH tunnel (connectivity/model/.../ImmutableSshTunnel.java). @throws DittoError */
export function parseSshTunnel(json: JsonObject): SshTunnel {
  return {
    enabled: requiredBoolean(json, 'enabled'),
    credentials: parseCredentials(requiredObject(json, 'credentials')),
    validateHost: requiredBoolean(json, 'validateHost'),
    knownHosts: stringItems(optionalArray(json, 'knownHosts')),
    uri: requiredString(json, 'uri'),
  };
}
