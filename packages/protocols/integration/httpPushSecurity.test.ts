import { createHash, createHmac } from 'node:crypto';
import { type Clock, type Connection, MisconfiguredError, type OAuthClientCredentials } from '@hawser/core';
import { realClock } from '@hawser/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { httpPushAdapter } from '../src/httpPush/adapter.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import {
  type ConnectProxy,
  type HttpPeer,
  startConnectProxy,
  startHttpPeer,
  startSilentServer,
} from './httpPeer.ts';
import { PushClients, pushContext } from './pushClients.ts';

const clients = new PushClients();
let certificates: Certificates;
let peers: HttpPeer[] = [];

beforeAll(() => {
  certificates = makeCertificates();
});
afterEach(async () => {
  await clients.close();
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

async function startPeer(...args: Parameters<typeof startHttpPeer>): Promise<HttpPeer> {
  const peer = await startHttpPeer(...args);
  peers = [...peers, peer];
  return peer;
}

const testConnection = (
  connection: Connection,
  config: Readonly<Record<string, unknown>> = {},
): Promise<void> => httpPushAdapter.test(connection, pushContext({ config }));

describe('TLS', () => {
  const pushed = async (connection: Connection): Promise<number> =>
    (await (await clients.open(connection)).publish('POST:/', 'x')).status;

  test('trusts the authority of the connection, by address and by name', async () => {
    const peer = await startPeer(certificates.server);
    const { ca } = certificates;
    expect(await pushed(peer.pushing({ ca }))).toBe(200);
    expect(await pushed(peer.pushing({ ca, uri: `https://localhost:${peer.port}` }))).toBe(200);
    await testConnection(peer.pushing({ ca }));
    expect(peer.requests).toHaveLength(2);
  });

  test('trusts nobody else, unless certificates are not to be validated', async () => {
    const peer = await startPeer(certificates.server);
    const untrusting = peer.pushing();
    await expect(testConnection(untrusting)).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
    });
    await expect(pushed(untrusting)).rejects.toThrow('Failed to send HTTP request');
    expect(clients.lost[0]?.cause).toMatchObject({ code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/) });
    expect(await pushed(peer.pushing({ validateCertificates: false }))).toBe(200);
  });

  test('shows the certificate of the client to a server that wants it', async () => {
    const { ca, server, client } = certificates;
    const peer = await startPeer({ ...server, ca, requestCert: true, rejectUnauthorized: true });
    expect(await pushed(peer.pushing({ ca, credentials: { type: 'client-cert', ...client } }))).toBe(200);
    await expect(pushed(peer.pushing({ ca }))).rejects.toThrow('Failed to send HTTP request');
    expect(peer.requests).toHaveLength(1);
  });

  test('with a certificate that is none is not opened', async () => {
    const peer = await startPeer(certificates.server);
    const credentials = {
      type: 'client-cert',
      cert: 'no certificate',
      key: certificates.client.key,
    } as const;
    await expect(clients.open(peer.pushing({ credentials }))).rejects.toBeInstanceOf(MisconfiguredError);
  });

  test('to a server that does not speak it fails, and so does none to one that does', async () => {
    const plain = await startPeer();
    await expect(testConnection(plain.pushing({ uri: `https://127.0.0.1:${plain.port}` }))).rejects.toThrow();
    const secure = await startPeer(certificates.server);
    await expect(pushed(secure.pushing({ uri: `http://127.0.0.1:${secure.port}` }))).rejects.toThrow();
  });
});

describe('a proxy', () => {
  let proxy: ConnectProxy;
  beforeEach(async () => {
    proxy = await startConnectProxy('carol', 's3cret:x');
  });
  afterEach(() => proxy.close());

  const through = (password = 's3cret:x') => ({
    proxyEnabled: true,
    proxyHostname: '127.0.0.1',
    proxyPort: proxy.port,
    proxyUsername: 'carol',
    proxyPassword: password,
  });

  test.each(['http', 'https'])('carries %s', async (scheme) => {
    const peer = await startPeer(scheme === 'https' ? certificates.server : undefined);
    const connection = peer.pushing({ ca: certificates.ca });
    const config = through();
    await httpPushAdapter.probe?.(connection, { clock: realClock, config });
    await testConnection(connection, config);
    const { publish } = await clients.open(connection, { config });
    for (const text of ['a', 'b']) expect((await publish('POST:/x', text)).status).toBe(200);
    expect(proxy.asked).toEqual(Array(2).fill(`127.0.0.1:${peer.port}`));
    expect(peer.requests.map(({ url, headers }) => [url, headers['proxy-authorization']])).toEqual([
      ['/x', undefined],
      ['/x', undefined],
    ]);
  });

  test('that refuses its user fails probe and request, and shows no password', async () => {
    const peer = await startPeer();
    const config = through('wr0ng');
    const refused = 'Failed to create Socket via HTTP proxy: HTTP/1.1 407 Proxy Authentication Required';
    await expect(httpPushAdapter.probe?.(peer.pushing(), { clock: realClock, config })).rejects.toThrow(
      refused,
    );
    const { publish } = await clients.open(peer.pushing(), { config });
    await expect(publish('POST:/', 'x')).rejects.toThrow('Failed to send HTTP request');
    expect(String(clients.lost[0]?.cause)).toContain(refused);
    expect(`${clients.lost[0]} ${clients.lost[0]?.cause}`).not.toContain('wr0ng');
    expect(peer.requests).toEqual([]);
  });

  test('that is none, or not there, fails the probe', async () => {
    const peer = await startPeer();
    const config = { ...through(), proxyPort: peer.port };
    await expect(httpPushAdapter.probe?.(peer.pushing(), { clock: realClock, config })).rejects.toThrow();
    await peer.close();
    await expect(httpPushAdapter.probe?.(peer.pushing(), { clock: realClock, config })).rejects.toMatchObject(
      {
        code: 'ECONNREFUSED',
      },
    );
  });

  test('of an impossible port fails the request, and nothing else', async () => {
    const peer = await startPeer();
    const { publish } = await clients.open(peer.pushing(), { config: { ...through(), proxyPort: 99_999 } });
    await expect(publish('POST:/', 'x')).rejects.toThrow('Failed to send HTTP request');
  });

  test('that does not answer fails the probe in time', async () => {
    const peer = await startPeer();
    const hurried: Clock = { ...realClock, after: (ms, task) => realClock.after(ms / 100, task) };
    const silent = await startSilentServer();
    const config = { ...through(), proxyPort: silent.port };
    await expect(httpPushAdapter.probe?.(peer.pushing(), { clock: hurried, config })).rejects.toThrow(
      'Failed to create Socket via HTTP proxy within timeout',
    );
    silent.close();
  });
});

describe('HMAC', () => {
  const sharedKey = Buffer.from('a very shared key').toString('base64');
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const sha256 = (text: Buffer | string): string => createHash('sha256').update(text).digest('hex');

  async function signed(algorithm: string, parameters: Record<string, string>, text: string) {
    const peer = await startPeer();
    const { publish } = await clients.open(
      peer.pushing({ credentials: { type: 'hmac', algorithm, parameters } }),
    );
    const headers = {
      'content-type': 'application/json; charset=UTF-8',
      Authorization: 'forged',
      'X-MS-Date': 'forged',
    };
    await publish('POST:/a b?c=d', text, headers);
    const [request] = peer.requests;
    if (request === undefined) throw new Error('no request');
    return request;
  }

  test('of Azure Monitor is over the bytes that are sent', async () => {
    const { headers, body } = await signed(
      'az-monitor-2016-04-01',
      { workspaceId: 'w', sharedKey },
      '{"ä":1}',
    );
    const date = String(headers['x-ms-date']);
    const text = ['POST', body.length, headers['content-type'], `x-ms-date:${date}`, '/a%20b'].join('\n');
    const signature = hmac(Buffer.from(sharedKey, 'base64'), text).toString('base64');
    expect(headers.authorization).toBe(`SharedKey w:${signature}`);
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(60_000);
  });

  test('of AWS is over the request that is sent', async () => {
    const aws = { region: 'r', service: 's', accessKey: 'A', secretKey: 'S', xAmzContentSha256: 'INCLUDED' };
    const { headers, body } = await signed('aws4-hmac-sha256', aws, '{"ä":1}');
    const stamp = String(headers['x-amz-date']);
    const day = stamp.slice(0, 8);
    const hash = sha256(body);
    expect(headers['x-amz-content-sha256']).toBe(hash);
    const canonical = ['POST', '/a%2520b', 'c=d', `host:127.0.0.1\nx-amz-content-sha256:${hash}\n`];
    const request = [...canonical, 'host;x-amz-content-sha256', hash].join('\n');
    const scope = `${day}/r/s/aws4_request`;
    const key = [day, 'r', 's', 'aws4_request'].reduce<Buffer>(
      (previous, part) => hmac(previous, part),
      Buffer.from('AWS4S'),
    );
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(request)}`).toString('hex');
    expect(headers.authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=A/${scope}, SignedHeaders=host;x-amz-content-sha256, Signature=${signature}`,
    );
  });

  test('of Azure SASL is a token', async () => {
    const sasl = { sharedKeyName: 'n', sharedKey, endpoint: 'hub.example' };
    const { headers } = await signed('az-sasl', sasl, 'x');
    expect(headers.authorization).toMatch(/^SharedAccessSignature sr=hub\.example&sig=[^&]+&se=\d+&skn=n$/);
  });

  test('that lacks a parameter does not open', async () => {
    const peer = await startPeer();
    const credentials = { type: 'hmac', algorithm: 'aws4-hmac-sha256', parameters: {} } as const;
    await expect(clients.open(peer.pushing({ credentials }))).rejects.toMatchObject({
      code: 'json.field.missing',
    });
  });
});

describe('OAuth 2.0', () => {
  const jwt = (expiresAtMs: number, id = ''): string =>
    [{ alg: 'none' }, { exp: Math.floor(expiresAtMs / 1000), id }, 's']
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');

  let tokens: HttpPeer;
  let peer: HttpPeer;
  let credentials: OAuthClientCredentials;

  beforeEach(async () => {
    [tokens, peer] = [await startPeer(), await startPeer()];
    credentials = {
      type: 'oauth-client-credentials',
      tokenEndpoint: `http://127.0.0.1:${tokens.port}/token`,
      clientId: 'me',
      clientSecret: 'my secret',
      requestedScopes: 'a b',
      audience: 'them',
    };
    issue(() => jwt(Date.now() + 3_600_000));
  });

  function issue(make: (n: number) => string): void {
    tokens.answer = (_request, response) => {
      const body = JSON.stringify({ access_token: make(tokens.requests.length), token_type: 'bearer' });
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(body), 20);
    };
  }

  test('gets one token for many requests', async () => {
    const { publish } = await clients.open(
      peer.pushing({ credentials, specificConfig: { parallelism: '8' } }),
    );
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => publish('POST:/', String(n), { authorization: 'x' })),
    );
    expect(tokens.requests).toHaveLength(1);
    expect(tokens.requests[0]).toMatchObject({ method: 'POST', url: '/token' });
    expect(tokens.requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(tokens.requests[0]?.body.toString()).toBe(
      'grant_type=client_credentials&client_id=me&client_secret=my%20secret&scope=a%20b&audience=them',
    );
    const used = new Set(peer.requests.map(({ headers }) => headers.authorization));
    expect([...used]).toEqual([expect.stringMatching(/^Bearer eyJ/)]);
  });

  test('gets another one shortly before it expires', async () => {
    issue((n) => jwt(Date.now() + (n === 1 ? 60_000 : 3_600_000), String(n)));
    const { publish } = await clients.open(peer.pushing({ credentials }));
    for (const text of ['a', 'b', 'c']) await publish('POST:/', text);
    expect(tokens.requests).toHaveLength(2);
    expect(new Set(peer.requests.map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  test('by password names user and client', async () => {
    const password = { ...credentials, type: 'oauth-password', username: 'u', password: 'p' } as const;
    await testConnection(peer.pushing({ credentials: { ...password, clientSecret: undefined } }));
    expect(tokens.requests[0]?.body.toString()).toBe(
      'grant_type=password&client_id=me&scope=a%20b&audience=them&username=u&password=p',
    );
  });

  test('that is refused fails the client, and what waits can be sent by the next', async () => {
    tokens.answer = (_request, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
    const { publish } = await clients.open(peer.pushing({ credentials }));
    await expect(publish('POST:/', 'x')).rejects.toMatchObject({ name: 'ConnectionFailure' });
    const endpoint = `http://127.0.0.1:${tokens.port}/token`;
    expect(clients.lost).toEqual([
      expect.objectContaining({
        message: 'HttpPublisherActor stream terminated',
        cause: expect.objectContaining({
          name: 'MisconfiguredError',
          cause: expect.objectContaining({
            code: 'jwt:invalid',
            message: `Received invalid JSON web token response from <${endpoint}>.`,
            description: 'Response status is <401> and content type is <application/json>.',
          }),
        }),
      }),
    ]);
    expect(peer.requests).toEqual([]);
    await expect(testConnection(peer.pushing({ credentials }))).rejects.toMatchObject({
      code: 'jwt:invalid',
    });
  });

  test.each([
    ['that leads elsewhere', 302, 'application/json', ''],
    ['of 10 MB', 200, 'application/json', 'x'.repeat(10_000_000)],
    ['that is no token', 200, 'application/json', '{"access_token":"a.b.c"}'],
    ['of another type', 200, 'text/html', '<p>'],
  ])('with an answer %s fails the client', async (_what, status, contentType, body) => {
    tokens.answer = (_request, response) =>
      response.writeHead(status, { 'content-type': contentType, location: '/other' }).end(body);
    const { publish } = await clients.open(peer.pushing({ credentials }));
    await expect(publish('POST:/', 'x')).rejects.toMatchObject({ name: 'ConnectionFailure' });
    expect(tokens.requests).toHaveLength(1);
  });

  test('whose endpoint is away says so', async () => {
    await tokens.close();
    await expect(testConnection(peer.pushing({ credentials }))).rejects.toMatchObject({
      code: 'jwt:invalid',
      message: `Request to token endpoint <http://127.0.0.1:${tokens.port}/token> failed.`,
      description: expect.stringMatching(/^Cause: Error: connect ECONNREFUSED/),
    });
  });
});
