import { type Clock, type Connection, MisconfiguredError } from '@hawser/core';
import { realClock } from '@hawser/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { httpPushAdapter } from '../src/httpPush/adapter.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type ConnectProxy, HttpPeers, startConnectProxy, startSilentServer } from './httpPeer.ts';
import { PushClients, testConnection } from './pushClients.ts';

const clients = new PushClients();
const peers = new HttpPeers();
let certificates: Certificates;

beforeAll(() => {
  certificates = makeCertificates();
});
afterEach(async () => {
  await clients.close();
  await peers.close();
});

describe('TLS', () => {
  const pushed = async (connection: Connection): Promise<number> =>
    (await (await clients.open(connection)).publish('POST:/', 'x')).status;

  test('trusts the authority of the connection, by address and by name', async () => {
    const peer = await peers.start(certificates.server);
    const { ca } = certificates;
    expect(await pushed(peer.pushing({ ca }))).toBe(200);
    expect(await pushed(peer.pushing({ ca, uri: `https://localhost:${peer.port}` }))).toBe(200);
    await testConnection(peer.pushing({ ca }));
    expect(peer.requests).toHaveLength(2);
  });

  test('trusts nobody else, unless certificates are not to be validated', async () => {
    const peer = await peers.start(certificates.server);
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
    const peer = await peers.start({ ...server, ca, requestCert: true, rejectUnauthorized: true });
    expect(await pushed(peer.pushing({ ca, credentials: { type: 'client-cert', ...client } }))).toBe(200);
    await expect(pushed(peer.pushing({ ca }))).rejects.toThrow('Failed to send HTTP request');
    expect(peer.requests).toHaveLength(1);
  });

  test("through a tunnel expects the certificate of the URI's host", async () => {
    const peer = await peers.start(certificates.server);
    const through = (host: string) =>
      clients.open(peer.pushing({ ca: certificates.ca, uri: `https://${host}:8443` }), {
        tunnel: { host: '127.0.0.1', port: peer.port },
        config: { proxyEnabled: true, proxyHostname: 'nowhere.example', proxyPort: 1 },
      });
    const { publish } = await through('behind.example');
    expect((await publish('POST:/', 'x')).status).toBe(200);
    expect(peer.requests[0]?.headers.host).toBe('behind.example:8443');
    const other = await through('other.example');
    await expect(other.publish('POST:/', 'x')).rejects.toThrow('Failed to send HTTP request');
    expect(peer.requests).toHaveLength(1);
  });

  test('with a certificate that is none is not opened', async () => {
    const peer = await peers.start(certificates.server);
    const credentials = {
      type: 'client-cert',
      cert: 'no certificate',
      key: certificates.client.key,
    } as const;
    await expect(clients.open(peer.pushing({ credentials }))).rejects.toBeInstanceOf(MisconfiguredError);
  });

  test('to a server that does not speak it fails, and so does none to one that does', async () => {
    const plain = await peers.start();
    await expect(testConnection(plain.pushing({ uri: `https://127.0.0.1:${plain.port}` }))).rejects.toThrow();
    const secure = await peers.start(certificates.server);
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
    const peer = await peers.start(scheme === 'https' ? certificates.server : undefined);
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
    const peer = await peers.start();
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
    const peer = await peers.start();
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
    const peer = await peers.start();
    const { publish } = await clients.open(peer.pushing(), { config: { ...through(), proxyPort: 99_999 } });
    await expect(publish('POST:/', 'x')).rejects.toThrow('Failed to send HTTP request');
  });

  test('that does not answer fails the probe in time', async () => {
    const peer = await peers.start();
    const hurried: Clock = { ...realClock, after: (ms, task) => realClock.after(ms / 100, task) };
    const silent = await startSilentServer();
    const config = { ...through(), proxyPort: silent.port };
    await expect(httpPushAdapter.probe?.(peer.pushing(), { clock: hurried, config })).rejects.toThrow(
      'Failed to create Socket via HTTP proxy within timeout',
    );
    silent.close();
  });
});
