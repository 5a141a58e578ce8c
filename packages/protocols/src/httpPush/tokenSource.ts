import type { Clock } from '@hawser/core';
import { isDittoError } from '@hawser/core';
import {
  type AccessToken,
  type OAuthCredentials,
  readToken,
  tokenRequest,
  tokenRequestFailed,
} from './tokenRequest.ts';
import { Transport } from './transport.ts';

export interface TokenSourceOptions {
  readonly credentials: OAuthCredentials;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  /** A token is used no longer than this before it expires, ms. */
  readonly maxClockSkewMs: number;
}

const MAX_TOKEN_RESPONSE_BYTES = 65_536;

/** The access token of one client, kept until shortly before it expires; at most one is asked for at a time. */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  readonly #transport: Transport;
  #token: AccessToken | undefined;
  #asked: Promise<AccessToken> | undefined;

  private constructor(options: TokenSourceOptions, transport: Transport) {
    this.#options = options;
    this.#transport = transport;
  }

  static async create(options: TokenSourceOptions): Promise<TokenSource> {
    const { clock, credentials, requestTimeoutMs } = options;
    const { origin } = new URL(credentials.tokenEndpoint);
    const transport = await Transport.create({
      origin,
      // as Ditto: neither the certificates of the connection nor the proxy are for the token endpoint
      tls: {},
      proxy: undefined,
      tunnel: undefined,
      connections: 1,
      requestTimeoutMs,
      clock,
    });
    return new TokenSource(options, transport);
  }

  /** @throws DittoError `jwt:invalid` */
  async token(): Promise<string> {
    const { clock, maxClockSkewMs } = this.#options;
    if (this.#token !== undefined && clock.now() < this.#token.expiresAtMs - maxClockSkewMs)
      return this.#token.token;
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    const { token } = await this.#asked;
    return token;
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #ask(): Promise<AccessToken> {
    const { credentials } = this.#options;
    const endpoint = withoutUser(credentials.tokenEndpoint);
    try {
      const response = await this.#transport.send(tokenRequest(credentials), MAX_TOKEN_RESPONSE_BYTES);
      this.#token = readToken(response, endpoint);
      return this.#token;
    } catch (error) {
      throw isDittoError(error) ? error : tokenRequestFailed(endpoint, error as Error);
    }
  }
}

function withoutUser(endpoint: string): string {
  return endpoint.replace(/\/\/[^/@]*@/, '//');
}
