import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Connection, type SshTunnel, type Tunnel, TunnelError } from '@hawser/core';
import {
  describeWithServers,
  realClock,
  sampleConnection,
  startTcpProxy,
  type TcpProxy,
} from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectAsync } from 'mqtt';
import ssh2 from 'ssh2';
import { openSshTunnel } from '../src/sshTunnel/sshTunnel.ts';
import { Inbox } from './inbox.ts';

const opened: Tunnel[] = [];
let notes: string[];
let losses: Inbox;

beforeEach(() => {
  notes = [];
  losses = new Inbox();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((tunnel) => tunnel.close()));
});

async function open(connection: Connection): Promise<Tunnel> {
  const events = {
    lost: (reason: TunnelError) => losses.put(`${reason.message} ${String(reason.cause)}`),
    note: (level: string, text: string) => notes.push(`${level}: ${text}`),
  };
  const tunnel = await openSshTunnel(connection, events, realClock);
  opened.push(tunnel);
  return tunnel;
}

const failure = (connection: Connection): Promise<TunnelError> =>
  open(connection).then(
    () => Promise.reject(new Error('opened')),
    (error) => error,
  );

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.on('error', () => {}).once('close', () => resolve()));

describeWithServers('A tunnel through a real SSH server', ['sshd', 'mosquitto'], (urls) => {
  const file = (name: string): string =>
    readFileSync(join(process.env['HAWSER_TEST_SSH_KEYS'] ?? '', name), 'utf8');
  let proxy: TcpProxy;
  beforeEach(async () => {
    const { hostname, port } = new URL(urls.sshd);
    proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  });
  afterEach(() => proxy.close());

  function tunnelled(parts: Partial<SshTunnel> = {}, uri = urls.mosquitto): Connection {
    const credentials = {
      type: 'public-key',
      username: process.env['HAWSER_TEST_SSH_USER'] ?? '',
      publicKey: file('client.pub.pem'),
      privateKey: file('client.pem'),
    } as const;
    const uriOfServer = `ssh://127.0.0.1:${proxy.port}`;
    const rest = { enabled: true, validateHost: true, knownHosts: [file('host.sha256')] };
    return sampleConnection({ uri, sshTunnel: { ...rest, credentials, uri: uriOfServer, ...parts } });
  }

  test('leads to the host and port of the URI', async () => {
    const { end } = await open(tunnelled());
    expect(end.host).toBe('127.0.0.1');
    const device = await connectAsync(`mqtt://${end.host}:${end.port}`, { reconnectPeriod: 0 });
    await device.publishAsync('hawser-test/tunnel', 'x'.repeat(300_000), { qos: 1 });
    await device.endAsync();
    expect(notes).toEqual(['success: SSH tunnel established successfully']);
  });

  test.each([
    ['MD5', () => [file('host.md5')]],
    ['one of several', () => ['SHA256:other', file('host.sha256')]],
  ])('a host is known by its fingerprint: %s', async (_name, knownHosts) => {
    await open(tunnelled({ knownHosts: knownHosts() }));
    expect(notes).toEqual(['success: SSH tunnel established successfully']);
  });

  test('an unknown host is refused before credentials are sent', async () => {
    const error = await failure(tunnelled({ knownHosts: ['SHA256:other'] }));
    expect(error).toBeInstanceOf(TunnelError);
    expect(error.message).toBe('Failed to connect to ssh server');
    expect(notes).toEqual(['failure: SSH connection failed: [Error] Host denied (verification failed)']);
  });

  test('an unknown host is taken where none is to be known', async () => {
    await open(tunnelled({ validateHost: false, knownHosts: [] }));
    expect(notes).toEqual(['success: SSH tunnel established successfully']);
  });

  test('a key that the server does not know', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const credentials = { type: 'public-key', username: 'nobody', publicKey, privateKey } as const;
    const error = await failure(tunnelled({ credentials }));
    expect(error.message).toBe('Failed to authenticate at SSH server.');
    expect(notes).toEqual([expect.stringMatching(/^failure: SSH session authentication failed: \[Error\] /)]);
    expect(JSON.stringify([notes, error.message, String(error.cause)])).not.toContain('PRIVATE KEY');
  });

  test('a key that is none', async () => {
    const credentials = { type: 'public-key', username: 'x', publicKey: '', privateKey: 'rubbish' } as const;
    const error = await failure(tunnelled({ credentials }));
    expect(error.message).toBe('Failed to connect to ssh server');
    expect(JSON.stringify([notes, String(error.cause)])).not.toContain('rubbish');
  });

  test('a server that speaks another language', async () => {
    const { port } = new URL(urls.mosquitto);
    const error = await failure(tunnelled({ uri: `ssh://127.0.0.1:${port}` }));
    expect(error.message).toBe('Failed to connect to ssh server');
    expect(notes).toHaveLength(1);
  });

  test('a place that the SSH server cannot reach ends connections, not the tunnel', async () => {
    const { end } = await open(tunnelled({}, 'tcp://127.0.0.1:1'));
    await ended(connect(end));
    await ended(connect(end));
    expect(notes.slice(1)).toEqual(
      new Array(2).fill(expect.stringMatching(/^failure: SSH Tunnel failed: \[Error\] /)),
    );
  });

  test('a server that goes away is told once, and ends what went through it', async () => {
    const { end } = await open(tunnelled());
    const socket = connect(end);
    const gone = ended(socket);
    proxy.reset();
    expect(await losses.take()).toMatch(/^SSH Tunnel failed\. Error: /);
    await gone;
    await ended(connect(end));
    expect(notes.slice(1)).toEqual([expect.stringMatching(/^failure: SSH Tunnel failed: /)]);
  });

  test('closing ends what goes through it and says so once', async () => {
    const tunnel = await open(tunnelled());
    const gone = ended(connect(tunnel.end));
    await Promise.all([tunnel.close(), tunnel.close()]);
    await gone;
    await ended(connect(tunnel.end));
    expect(notes.slice(1)).toEqual(['success: SSH Tunnel closed']);
  });

  test('closing does not wait long for a server that hangs', async () => {
    const tunnel = await open(tunnelled());
    proxy.freeze();
    const startedAt = performance.now();
    await tunnel.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

// OpenSSH takes passwords of accounts only; this server has its own
describe('a tunnel with a password', () => {
  let server: ssh2.Server;
  let uri: string;
  beforeEach(async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
      client.on('error', () => {});
      client.on('authentication', (attempt) => {
        if (attempt.method === 'password' && attempt.username === 'alice' && attempt.password === 's3cret')
          attempt.accept();
        else attempt.reject(['password']);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    uri = `ssh://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((tunnel) => tunnel.close()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const withPassword = (password: string): Connection => {
    const credentials = { type: 'plain', username: 'alice', password } as const;
    return sampleConnection({
      sshTunnel: { enabled: true, validateHost: false, knownHosts: [], credentials, uri },
    });
  };

  test('the right one', async () => {
    await open(withPassword('s3cret'));
    expect(notes).toEqual(['success: SSH tunnel established successfully']);
  });

  test('a wrong one', async () => {
    const error = await failure(withPassword('guessed'));
    expect(error.message).toBe('Failed to authenticate at SSH server.');
    expect(JSON.stringify([notes, String(error.cause)])).not.toContain('guessed');
  });
});
