import { createHash, createHmac } from 'node:crypto';
import type { OAuthClientCredentials } from '@hawser/core';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HttpPeer, HttpPeers } from './httpPeer.ts';
import { PushClients, testConnection } from './pushClients.ts';

const clients = new PushClients();
const peers = new HttpPeers();

afterEach(async () => {
  await clients.close();
  await peers.close();
});

describe('HMAC', () => {
  const sharedKey = Buffer.from('a very shared key').toString('base64');
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const sha256 = (text: Buffer | string): string => createHash('sha256').update(text).digest('hex');

  async function signed(algorithm: string, parameters: Record<string, string>, text: string) {
    const peer = await peers.start();
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
    const peer = await peers.start();
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
    [tokens, peer] = [await peers.start(), await peers.start()];
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
