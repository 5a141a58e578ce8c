import { authenticationProviderUnavailable } from '@hawser/core';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { FetchJson } from './fetchJson.ts';

export interface IssuerKeysOptions {
  /** Where `/.well-known/openid-configuration` is, e.g. `https://accounts.example.com`. */
  readonly issuerUrl: string;
  readonly fetchJson: FetchJson;
  /** Monotonic, ms. */
  readonly now: () => number;
}

const MAX_AGE_MS = 600_000;
/** Keys that cannot be renewed serve on until they are this old. */
const MAX_STALE_MS = 3_600_000;
/** A flood of tokens with unknown keys leads to no more than one request within this; nor does a provider that is down. */
const PAUSE_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 5000;

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/** The public keys of one OpenID provider: fetched when first needed, kept, renewed when old or when a token names an unknown one. */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: Keys | undefined;
  #fetching: Promise<void> | undefined;
  #nextTry = Number.NEGATIVE_INFINITY;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** For `jwtVerify`. @throws DittoError `gateway:authentication.provider.unavailable` 503; jose's own when there is no such key */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const { errors } = await import('jose');
    if (this.#age() > MAX_AGE_MS) await this.#renew();
    if (this.#keys === undefined || this.#age() > MAX_STALE_MS) throw authenticationProviderUnavailable();
    try {
      return await this.#keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#renew();
      return await this.#keys.find(header, token);
    }
  };

  #age(): number {
    return this.#keys === undefined ? Number.POSITIVE_INFINITY : this.#options.now() - this.#keys.fetchedAt;
  }

  /** One at a time, and none within the pause after the last. Leaves the keys as they are when it fails. */
  async #renew(): Promise<void> {
    const { now } = this.#options;
    if (this.#fetching === undefined && now() >= this.#nextTry) {
      this.#fetching = this.#fetch()
        .then(
          () => PAUSE_MS,
          () => PAUSE_AFTER_FAILURE_MS,
        )
        .then((pauseMs) => {
          this.#nextTry = now() + pauseMs;
          this.#fetching = undefined;
        });
    }
    await this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { createLocalJWKSet } = await import('jose');
    const { issuerUrl, fetchJson, now } = this.#options;
    const document = await fetchJson(`${issuerUrl}/.well-known/openid-configuration`);
    const keySet = await fetchJson(keysUrlOf(document, issuerUrl));
    // checks the shape of the set, and throws
    this.#keys = { find: createLocalJWKSet(keySet as JSONWebKeySet), fetchedAt: now() };
  }
}

/** A provider that is asked over https names no keys elsewhere. */
function keysUrlOf(document: unknown, issuerUrl: string): string {
  const url = new URL(String((document as { jwks_uri?: unknown } | null)?.jwks_uri));
  if (url.protocol !== 'https:' && url.protocol !== new URL(issuerUrl).protocol) {
    throw new Error(`the keys of ${issuerUrl} are not served securely`);
  }
  return url.href;
}
