import type { Server } from 'node:net';
import type { ClientContext, Connection, ConnectionClient } from '@hawser/core';
import { realClock, sampleConnection, silentLog } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import rhea, { type Container, type Connection as PeerConnection } from 'rhea';
import { selfSigned } from '../../http/integration/selfSigned.ts';
import { amqp10Adapter } from '../src/amqp10/adapter.ts';

const context: ClientContext = {
  clock: realClock,
  log: silentLog,
  clientId: 'the-client-id',
  maxInboundBytes: 65_536,
  maxInFlight: 10,
  config: {},
  carry: new Map(),
};

interface Seen {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

describe('a connection to AMQP 1.0', () => {
  const servers: Server[] = [];
  const clients: ConnectionClient[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const server of servers.splice(0)) server.close();
  });

  /** A peer in this process; `accept` says who may enter with a password. */
  async function listen(
    options: object,
    accept?: (seen: Seen) => boolean,
  ): Promise<{ port: number; opened: Promise<PeerConnection> }> {
    const container = (rhea as unknown as Container).create_container({ id: 'peer' });
    if (accept !== undefined)
      container.sasl_server_mechanisms.enable_plain((user: string, password: string) =>
        accept({ user, password }),
      );
    container.on('disconnected', () => {});
    container.on('error', () => {});
    const opened = new Promise<PeerConnection>((resolve) => {
      container.once('connection_open', ({ connection }) => resolve(connection));
    });
    const server = container.listen({ port: 0, host: '127.0.0.1', ...options });
    servers.push(server);
    await new Promise<void>((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return { port: address.port, opened };
  }

  async function open(parts: Partial<Connection>): Promise<void> {
    const connection = sampleConnection({ connectionType: 'amqp-10', ...parts });
    const client = amqp10Adapter.createClient(connection, { message: () => {}, lost: () => {} }, context);
    clients.push(client);
    await client.open();
  }

  test('is named after its client, and asks for the host that it is told', async () => {
    const { port, opened } = await listen({});
    await open({ uri: `amqp://127.0.0.1:${port}`, specificConfig: { 'amqp.vhost': 'vhost:other' } });
    const connection = await opened;
    expect(connection.container_id).toBe('the-client-id');
    expect(connection.hostname).toBe('vhost:other');
    expect(connection.idle_time_out).toBe(30_000);
  });

  test('gives user and password of its URI whole', async () => {
    const seen: Seen[] = [];
    const { port } = await listen({}, (each) => seen.push(each) > 0);
    await open({ uri: `amqp://j%C3%BCrgen:gr%C3%BCn%2F@127.0.0.1:${port}` });
    expect(seen).toEqual([{ user: 'jürgen', password: 'grün/' }]);
  });

  test('with signed credentials of Azure signs in anew each time', async () => {
    const seen: Seen[] = [];
    const { port } = await listen({}, (each) => seen.push(each) > 0);
    const credentials = {
      type: 'hmac' as const,
      algorithm: 'az-sasl',
      parameters: { sharedKeyName: 'name', sharedKey: 'a2V5', endpoint: 'hub.azure-devices.net' },
    };
    await open({ uri: `amqp://127.0.0.1:${port}`, credentials });
    expect(seen).toEqual([
      {
        user: 'name@sas.root.hub',
        password: expect.stringMatching(
          /^SharedAccessSignature sr=hub\.azure-devices\.net&sig=.+&se=\d+&skn=name$/,
        ),
      },
    ]);
  });

  test('is refused with 401 by a peer that does not know it', async () => {
    const { port } = await listen({}, () => false);
    await expect(open({ uri: `amqp://user:secret@127.0.0.1:${port}` })).rejects.toMatchObject({
      name: 'MisconfiguredError',
      cause: { status: 401, message: expect.not.stringContaining('secret') },
    });
  });

  test('without credentials is refused with 401 by a peer that wants some', async () => {
    const { port } = await listen({ require_sasl: true }, () => true);
    await expect(open({ uri: `amqp://127.0.0.1:${port}` })).rejects.toMatchObject({
      cause: {
        status: 401,
        message: expect.stringContaining('No suitable mechanism; server supports PLAIN'),
      },
    });
  });

  test('that was refused leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const { port } = await listen({}, () => false);
    const before = timers();
    await expect(open({ uri: `amqp://user:secret@127.0.0.1:${port}` })).rejects.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers()).toBeLessThanOrEqual(before);
  });

  describe('over TLS', () => {
    const own = selfSigned();
    const tls = { transport: 'tls', key: own.key, cert: own.cert };

    test('trusts the authority that it is given', async () => {
      const { port, opened } = await listen(tls);
      await open({ uri: `amqps://localhost:${port}`, ca: own.cert });
      expect((await opened).container_id).toBe('the-client-id');
    });

    test('trusts nobody else, unless it is told not to look', async () => {
      const { port } = await listen(tls);
      const uri = `amqps://localhost:${port}`;
      await expect(open({ uri })).rejects.toMatchObject({
        code: 'connectivity:connection.failed',
        message: expect.stringMatching(/^Failed to connect JMS client:self.signed certificate/),
        cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      });
      await open({ uri, validateCertificates: false });
    });

    test('shows its certificate to a peer that takes nothing else', async () => {
      const asking = {
        requestCert: true,
        rejectUnauthorized: false,
        ca: own.cert,
        enable_sasl_external: true,
      };
      const { port, opened } = await listen({ ...tls, ...asking });
      const credentials = { type: 'client-cert' as const, cert: own.cert, key: own.key };
      await open({ uri: `amqps://localhost:${port}`, ca: own.cert, credentials });
      expect((await opened).get_peer_certificate()?.subject.CN).toBe('localhost');
    });
  });
});
