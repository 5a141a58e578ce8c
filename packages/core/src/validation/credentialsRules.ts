import { makeError } from '../errors/makeError.ts';
import type { Connection } from '../model/connection.ts';
import type { HmacCredentials, OAuthClientCredentials, OAuthPassword } from '../model/credentials.ts';
import { parseJavaUri } from '../model/javaUri.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { checkHost, type HostLookup } from './hostPolicy.ts';
import type { ValidationConfig } from './validationConfig.ts';

/**
 * Credentials must fit the type of the connection (connectivity/service/.../validation/CredentialsValidationVisitor.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkCredentials(connection: Connection, config: ValidationConfig, lookup: HostLookup): void {
  const { credentials } = connection;
  switch (credentials?.type) {
    case 'hmac':
      checkHmac(connection, credentials, config);
      break;
    case 'oauth-client-credentials':
    case 'oauth-password':
      checkOAuth(connection, credentials, config, lookup);
      break;
    case 'plain':
    case 'client-cert':
    case 'public-key':
    case undefined:
  }
}

function checkHmac(
  { connectionType, uri }: Connection,
  { algorithm }: HmacCredentials,
  { hmacAlgorithms }: ValidationConfig,
): void {
  if (connectionType !== 'amqp-10' && connectionType !== 'http-push')
    throw configurationInvalid(
      'HMAC credentials are not supported for the connection type.',
      'Only HTTP and AMQP 1.0 connections support HMAC credentials.',
    );
  if (parseJavaUri(uri)?.userInfo)
    throw configurationInvalid(
      'There are conflicting authentication mechanisms.',
      'HMAC credentials and URI userinfo may not be present at the same time.',
    );
  if (!hmacAlgorithms.includes(algorithm))
    throw configurationInvalid(
      `Unsupported HMAC algorithm: ${algorithm}`,
      `Supported algorithms: ${hmacAlgorithms.join(', ')}`,
    );
}

const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

function checkOAuth(
  { connectionType }: Connection,
  { tokenEndpoint, requestedScopes }: OAuthClientCredentials | OAuthPassword,
  { hosts }: ValidationConfig,
  lookup: HostLookup,
): void {
  if (connectionType !== 'http-push')
    throw configurationInvalid(
      'OAuth client credentials are only supported for HTTP connection type.',
      'Only HTTP connections support OAuth client credentials.',
    );
  const endpoint = parseTokenEndpoint(tokenEndpoint);
  if ('failure' in endpoint)
    throw configurationInvalid(
      `Invalid token endpoint '${tokenEndpoint}' provided: ${endpoint.failure}`,
      'Provide a valid URL as token endpoint.',
    );
  checkHost(hosts, endpoint.host, lookup);
  if (!SCOPES.test(requestedScopes))
    throw makeError(
      'connectivity:connection.configuration.invalid',
      `Invalid format of requested scopes: ${requestedScopes}`,
      {
        description: 'Provide scopes as space separated list (RFC6749 section 3.3).',
        href: 'https://datatracker.ietf.org/doc/html/rfc6749#section-3.3',
      },
    );
}

type TokenEndpoint = { readonly host: string; readonly isHttps: boolean } | { readonly failure: string };

/** Reads a token endpoint with the parser of the client that will call it; failures in the words of java.net.URL. */
export function parseTokenEndpoint(text: string): TokenEndpoint {
  const protocol = /^\s*([a-zA-Z][a-zA-Z0-9.+-]*):/.exec(text)?.[1]?.toLowerCase();
  if (protocol === undefined) return { failure: `no protocol: ${text}` };
  if (protocol !== 'http' && protocol !== 'https') return { failure: `unknown protocol: ${protocol}` };
  if (!URL.canParse(text)) return { failure: `Invalid URL: ${text}` };
  return { host: new URL(text).hostname, isHttps: protocol === 'https' };
}

/** Client credentials must not cross the wire in plain text (HttpPushValidator.java, `validateCredentials`). */
export function checkTokenEndpointSecurity({ credentials }: Connection, config: ValidationConfig): void {
  if (credentials?.type !== 'oauth-client-credentials' || !config.enforceHttpsForOAuth2) return;
  const endpoint = parseTokenEndpoint(credentials.tokenEndpoint);
  if ('isHttps' in endpoint && endpoint.isHttps) return;
  throw configurationInvalid(
    'The OAuth2 token endpoint must be accessed via HTTPS in order not to transmit the client secret in plain text.',
  );
}
