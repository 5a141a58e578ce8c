import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import {
  type Clock,
  type Connection,
  type OpenTunnel,
  parseConnectionUri,
  type SshTunnel,
  socketHost,
  type Tunnel,
  TunnelError,
  type TunnelEvents,
} from '@hawser/core';
import type { Client, ConnectConfig } from 'ssh2';
import { endpointOf } from '../endpoint.ts';
import { isKnownHost } from './fingerprint.ts';

/** Ditto's `tunnel.heartbeat-interval`, ms. */
const heartbeatMs = 30_000;
/** How long an SSH server may take to say goodbye, ms. */
const goodbyeMs = 1_000;

const loopback = '127.0.0.1';

/**
 * Forwards a port of this machine to the host and port of a connection's URI, seen from the SSH server
 * (connectivity/.../messaging/tunnel/SshTunnelActor.java).
 *
 * @throws TunnelError when the connection has no tunnel that can be opened
 */
export const openSshTunnel: OpenTunnel = async (connection, events, clock) => {
  const { sshTunnel } = connection;
  if (sshTunnel === undefined) throw new TunnelError('SSH Tunnel failed.', new Error('There is none.'));
  // loaded with the first tunnel: a service without one starts without it
  const { default: ssh } = await import('ssh2');
  const forward = new Forward(new ssh.Client(), connection, events, clock);
  await forward.open(sshTunnel);
  return forward;
};

class Forward implements Tunnel {
  readonly #client: Client;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #events: TunnelEvents;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #isOpen = false;
  #closing: Promise<void> | undefined;

  constructor(client: Client, connection: Connection, events: TunnelEvents, clock: Clock) {
    const { host, port } = endpointOf(connection);
    this.#client = client;
    this.#target = { host, port };
    this.#events = events;
    this.#clock = clock;
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
  }

  get end() {
    return { host: loopback, port: this.#port };
  }

  async open(tunnel: SshTunnel): Promise<void> {
    try {
      await this.#connect(tunnel);
    } catch (error) {
      await this.close();
      throw this.#notConnected(error as Error);
    }
    try {
      await this.#listen();
    } catch (error) {
      await this.close();
      this.#note('SSH Tunnel failed', error as Error);
      throw new TunnelError('Failed to start local port forwarding', error as Error);
    }
    this.#events.note('success', 'SSH tunnel established successfully');
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #connect(tunnel: SshTunnel): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = (error: Error): void => {
        if (this.#isOpen) this.#lost(error);
        else reject(error);
      };
      this.#client.on('error', ended);
      this.#client.on('close', () => ended(new Error('The SSH server has closed the connection.')));
      this.#client.once('ready', () => {
        this.#isOpen = true;
        resolve();
      });
      this.#client.connect(connectConfig(tunnel));
    });
  }

  #notConnected(error: Error & { readonly level?: string }): TunnelError {
    if (error.level === 'client-authentication') {
      this.#note('SSH session authentication failed', error);
      return new TunnelError('Failed to authenticate at SSH server.', error);
    }
    this.#note('SSH connection failed', error);
    return new TunnelError('Failed to connect to ssh server', error);
  }

  async #listen(): Promise<void> {
    this.#server.listen(0, loopback);
    await once(this.#server, 'listening');
    // a socket that could not be taken is missed by who opened it
    this.#server.on('error', (error) => this.#note('SSH Tunnel failed', error));
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // until the pipeline listens
    socket.on('error', () => {});
    if (!this.#isOpen) {
      socket.destroy();
      return;
    }
    const { host, port } = this.#target;
    this.#client.forwardOut(loopback, socket.remotePort ?? 0, host, port, (error, channel) => {
      if (error !== undefined) {
        this.#note('SSH Tunnel failed', error);
        socket.destroy();
        return;
      }
      // why an end was lost is for the driver to say
      pipeline(socket, channel, socket, () => {
        socket.destroy();
        channel.destroy();
      });
    });
  }

  #lost(error: Error): void {
    this.#isOpen = false;
    this.#note('SSH Tunnel failed', error);
    void this.close();
    this.#events.lost(new TunnelError('SSH Tunnel failed.', error));
  }

  async #close(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    if (wasOpen) {
      await this.#goodbye();
      this.#events.note('success', 'SSH Tunnel closed');
    }
    this.#client.destroy();
  }

  #goodbye(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(goodbyeMs, resolve);
      this.#client.once('close', () => {
        cancel();
        resolve();
      });
      this.#client.end();
    });
  }

  #note(what: string, error: Error): void {
    this.#events.note('failure', `${what}: [${error.name}] ${error.message}`);
  }
}

function connectConfig({ uri, credentials, validateHost, knownHosts }: SshTunnel): ConnectConfig {
  const server = parseConnectionUri(uri);
  return {
    host: socketHost(server),
    port: server.port,
    keepaliveInterval: heartbeatMs,
    ...(validateHost ? { hostVerifier: (key: Buffer) => isKnownHost(key, knownHosts) } : {}),
    ...authentication(credentials),
  };
}

/** Validation has refused all other credentials. */
function authentication(credentials: SshTunnel['credentials']): ConnectConfig {
  switch (credentials.type) {
    case 'plain':
      return { username: credentials.username, password: credentials.password };
    case 'public-key':
      return { username: credentials.username, privateKey: readableKey(credentials.privateKey) };
    default:
      return {};
  }
}

/** Ditto's keys are PKCS #8, which the driver does not read. @throws Error for a key that is none */
function readableKey(pem: string): string {
  const key = createPrivateKey(pem);
  return String(key.export({ type: key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1', format: 'pem' }));
}
