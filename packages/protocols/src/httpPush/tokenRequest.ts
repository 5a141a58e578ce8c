import {
  type DittoError,
  encodeAllButUnreserved,
  isJsonObject,
  type JsonValue,
  jwtInvalid,
  makeError,
  type OAuthClientCredentials,
  type OAuthPassword,
  parseJson,
} from '@hawser/core';
import type { PushResponse } from './answer.ts';
import type { PushRequest } from './request.ts';

export type OAuthCredentials = OAuthClientCredentials | OAuthPassword;

export interface AccessToken {
  readonly token: string;
  /** Wall time, ms. */
  readonly expiresAtMs: number;
}

/** The request for a token (connectivity/service/.../httppush/AsyncJwtLoader.java; RFC 6749 §4.3.2 and §4.4.2). */
export function tokenRequest(credentials: OAuthCredentials): PushRequest {
  const { pathname, search } = new URL(credentials.tokenEndpoint);
  return {
    method: 'POST',
    target: `${pathname}${search}`,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(tokenForm(credentials)),
  };
}

/** Fields in Ditto's order. */
export function tokenForm(credentials: OAuthCredentials): string {
  const { clientId, clientSecret, requestedScopes: scope, audience } = credentials;
  const fields: readonly (readonly [string, string | undefined])[] =
    credentials.type === 'oauth-client-credentials'
      ? [
          ['grant_type', 'client_credentials'],
          ['client_id', clientId],
          ['client_secret', clientSecret],
          ['scope', scope],
          ['audience', audience],
        ]
      : [
          ['grant_type', 'password'],
          ['client_id', clientId],
          ['scope', scope],
          ['client_secret', clientSecret],
          ['audience', audience],
          ['username', credentials.username],
          ['password', credentials.password],
        ];
  return fields
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeAllButUnreserved(value)}`]))
    .join('&');
}

/** @param endpoint as it is shown @throws DittoError `jwt:invalid` */
export function readToken({ status, headers, body }: PushResponse, endpoint: string): AccessToken {
  const contentType = headers['content-type'] ?? 'none/none';
  const isJson = /^application\/json\s*(;|$)/i.test(contentType);
  if (status < 200 || status >= 300 || !isJson)
    throw invalidResponse(endpoint, `Response status is <${status}> and content type is <${contentType}>.`);
  const text = Buffer.from(body).toString('utf8');
  const json = tryParse(text);
  const token = isJsonObject(json) ? json['access_token'] : undefined;
  if (typeof token !== 'string') throw invalidResponse(endpoint, `Response body: <${summary(text)}>`);
  return { token, expiresAtMs: expiryOf(token) };
}

export const tokenRequestFailed = (endpoint: string, error: Error): DittoError =>
  makeError('jwt:invalid', `Request to token endpoint <${endpoint}> failed.`, {
    description: `Cause: ${error.name}: ${error.message}`,
    cause: error,
  });

const invalidResponse = (endpoint: string, description: string): DittoError =>
  makeError('jwt:invalid', `Received invalid JSON web token response from <${endpoint}>.`, { description });

/** What looks like a token is not shown. */
function summary(body: string): string {
  const harmless = body.replace(/[\w\-.~+/]{32,}/g, '***');
  return harmless.length > 100 ? `${harmless.slice(0, 100)}...` : harmless;
}

/** The claim `exp` (RFC 7519 §4.1.4). The signature is for the server that gets the token. @throws DittoError `jwt:invalid` */
function expiryOf(token: string): number {
  const [header = '', claims = '', signature] = token.split('.');
  const json = tryParse(Buffer.from(claims, 'base64url').toString('utf8'));
  const exp = isJsonObject(json) ? json['exp'] : undefined;
  if (header === '' || signature === undefined || typeof exp !== 'number' || !/^[\x21-\x7e]+$/.test(token))
    throw jwtInvalid();
  return exp * 1_000;
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
