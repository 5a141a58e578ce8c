import { type Clock, type Connection, compileRequestSigner, parseConnectionUri } from '@hawser/core';
import { basic } from './proxy.ts';
import { type PushBase, type PushRequest, signable } from './request.ts';
import type { HttpPushSettings } from './settings.ts';
import { TokenSource } from './tokenSource.ts';

/** What the credentials of a connection add to its requests. */
export interface Authorization {
  /** The request with its headers of authorization; they replace what the message says. @throws DittoError `jwt:invalid` */
  authorize(request: PushRequest): PushRequest | Promise<PushRequest>;
  /** Whether what is asked for elsewhere can be had. @throws DittoError `jwt:invalid` */
  prove(): Promise<void>;
  close(): Promise<void>;
}

/** OAuth 2.0, HMAC, or the user of the URI. @throws DittoError for parameters that no signer takes */
export async function authorizationOf(
  connection: Connection,
  base: PushBase,
  { requestTimeoutMs, maxClockSkewMs }: HttpPushSettings,
  clock: Clock,
): Promise<Authorization> {
  const { credentials } = connection;
  switch (credentials?.type) {
    case 'hmac': {
      const sign = compileRequestSigner(credentials);
      return withoutLife((request) => {
        const { addedHeaders, authorization } = sign(signable(request, base), clock.now());
        return withHeaders(request, { ...addedHeaders, authorization });
      });
    }
    case 'oauth-client-credentials':
    case 'oauth-password': {
      const tokens = await TokenSource.create({ credentials, clock, requestTimeoutMs, maxClockSkewMs });
      return {
        authorize: async (request) =>
          withHeaders(request, { authorization: `Bearer ${await tokens.token()}` }),
        async prove() {
          await tokens.token();
        },
        close: () => tokens.close(),
      };
    }
    default: {
      const { userName: username, password = '' } = parseConnectionUri(connection.uri);
      if (username === undefined) return withoutLife((request) => request);
      const authorization = basic({ username, password });
      return withoutLife((request) => withHeaders(request, { authorization }));
    }
  }
}

const withoutLife = (authorize: (request: PushRequest) => PushRequest): Authorization => ({
  authorize,
  prove: async () => {},
  close: async () => {},
});

const withHeaders = (request: PushRequest, headers: Readonly<Record<string, string>>): PushRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
