import {
  authenticationFailed,
  compileTemplate,
  DittoError,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jwtInvalid,
  jwtIssuerNotSupported,
  type Placeholder,
  stringifyJson,
} from '@hawser/core';
import type { FetchJson } from './fetchJson.ts';
import { IssuerKeys } from './issuerKeys.ts';

/** One member of Ditto's `openid-connect-issuers`. */
export interface OpenIdIssuer {
  /** Its key: subjects of its tokens begin with it, `name:subject`. */
  readonly name: string;
  /** Without protocol, e.g. `accounts.example.com/realm`. */
  readonly issuers: readonly string[];
  /** Templates with `jwt:` placeholders, e.g. `{{ jwt:sub }}`. */
  readonly authSubjects: readonly string[];
}

export interface OpenIdConfig {
  /** `https`, or `http` for a provider on the same machine. */
  readonly protocol: string;
  readonly issuers: readonly OpenIdIssuer[];
  readonly clockSkewMs: number;
  /** A token must be for one of them; empty: for anyone, as in Ditto. */
  readonly audiences: readonly string[];
}

export interface OpenIdParts {
  readonly config: OpenIdConfig;
  readonly fetchJson: FetchJson;
  /** Wall time and monotonic time, ms. */
  readonly clock: { now(): number; monotonic(): number };
}

/** Checks a token (undefined: none was sent) and tells its subjects. @throws DittoError 400, 401 or 503 */
export type SubjectsOfToken = (token: string | undefined) => Promise<readonly string[]>;

/** Signatures by the provider's private key alone: `none` and shared secrets are nobody's proof. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const MAX_TOKEN_CHARS = 8192;

/** Ditto's OpenID providers (gateway/service/.../security/authentication/jwt/JwtAuthenticationProvider.java). */
export function openIdSubjects({ config, fetchJson, clock }: OpenIdParts): SubjectsOfToken {
  const { protocol, clockSkewMs, audiences } = config;
  const known = new Map(
    config.issuers.flatMap((issuer) =>
      issuer.issuers.flatMap((host) => {
        const url = `${protocol}://${host}`;
        const keys = new IssuerKeys({ issuerUrl: url, fetchJson, now: () => clock.monotonic() });
        // as in Ditto, tokens may name their issuer with or without the protocol
        return [host, url].map((name) => [name, { issuer, keys }] as const);
      }),
    ),
  );
  return async (token) => {
    if (token === undefined) {
      throw authenticationFailed(
        'The JWT was missing.',
        "Please provide a valid JWT in the authorization header prefixed with 'Bearer '.",
      );
    }
    const jose = await import('jose');
    const iss = issuerOf(token, jose);
    const found = known.get(iss);
    if (found === undefined) throw jwtIssuerNotSupported(iss);
    try {
      const { payload } = await jose.jwtVerify(token, found.keys.find, {
        algorithms: ALGORITHMS,
        issuer: iss,
        ...(audiences.length === 0 ? {} : { audience: [...audiences] }),
        requiredClaims: ['exp'],
        clockTolerance: clockSkewMs / 1000,
        currentDate: new Date(clock.now()),
      });
      return subjectsOf(payload as JsonObject, found.issuer);
    } catch (error) {
      if (error instanceof DittoError) throw error;
      throw authenticationFailed('The JWT could not be verified.', reasonOf(error));
    }
  };
}

/** Read before anything is proven: it only chooses among the configured providers. */
function issuerOf(token: string, jose: typeof import('jose')): string {
  if (token.length > MAX_TOKEN_CHARS)
    throw authenticationFailed('The JWT could not be verified.', 'It is too long.');
  let iss: unknown;
  try {
    jose.decodeProtectedHeader(token);
    iss = jose.decodeJwt(token).iss;
  } catch {
    throw jwtInvalid();
  }
  if (typeof iss === 'string' && iss !== '') return iss;
  throw authenticationFailed('The JWT could not be verified.', 'It names no issuer.');
}

/** jose's sentences name claims and algorithms, never a key or the token. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? error.message : 'Check if your credentials were correct.';

function subjectsOf(claims: JsonObject, { name, authSubjects }: OpenIdIssuer): readonly string[] {
  const placeholder = jwtPlaceholder(claims);
  return authSubjects.flatMap((template) =>
    compileTemplate(template, [placeholder])
      .resolve({})
      .values.map((subject) => `${name}:${subject}`),
  );
}

/** `jwt:claim/of/claim`; each item of an array is a value. */
const jwtPlaceholder = (claims: JsonObject): Placeholder => ({
  prefix: 'jwt',
  compile: (pointer) => () => {
    const value = claimAt(claims, pointer.split('/'));
    if (value === undefined) return [];
    return (isJsonArray(value) ? value : [value]).map((item) =>
      typeof item === 'string' ? item : stringifyJson(item),
    );
  },
});

function claimAt(claims: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = claims;
  for (const key of path.filter((part) => part !== '')) {
    value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}
