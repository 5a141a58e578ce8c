import { randomUUID } from 'node:crypto';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  type ConnectionClient,
  compileSaslCredentials,
  type ExternalMessage,
  MisconfiguredError,
  makeError,
  type PublishEnd,
  type PublishResult,
  type PublishTarget,
  type ResourceStatus,
} from '@hawser/core';
import { type Endpoint, endpointOf } from '../endpoint.ts';
import { isOnDemand, onDemandStatus, promisedPublish } from '../publishing.ts';
import { tlsOptions } from '../tlsOptions.ts';
import { AmqpConditionError } from './conditions.ts';
import { Consumers } from './consumers.ts';
import { PeerConnection } from './peerConnection.ts';
import type { PeerSession } from './peerSession.ts';
import { Producers, publishWindow } from './producers.ts';
import { saslMechanisms } from './sasl.ts';
import { type Amqp10Settings, amqp10Settings } from './settings.ts';

/** What a client leaves for its successor: the connection was lost, and may be restored. */
const interruptedKey = 'amqp10.interrupted';

/** AMQP 1.0 (connectivity/service/.../messaging/amqp/AmqpClientActor.java): one connection, one session for the links that are attached while it opens. */
export class Amqp10Client implements ConnectionClient {
  readonly #connection: Connection;
  readonly #events: ClientEvents;
  readonly #context: ClientContext;
  readonly #settings: Amqp10Settings;
  readonly #idPrefix = `ID:${randomUUID()}:`;
  #nextId = 0;
  #peer: PeerConnection | undefined;
  #session: PeerSession | undefined;
  #producers: Producers | undefined;
  #consumers: Consumers | undefined;
  #state: 'new' | 'opening' | 'open' | 'ended' = 'new';
  #failure: Error | undefined;

  constructor(connection: Connection, events: ClientEvents, context: ClientContext) {
    this.#connection = connection;
    this.#events = events;
    this.#context = context;
    this.#settings = amqp10Settings(connection, context);
  }

  async open(options: { readonly produce: boolean } = { produce: true }): Promise<void> {
    this.#state = 'opening';
    const peer = await this.#connect();
    this.#peer = peer;
    if (this.#isEnded()) {
      await peer.close();
      throw new Error('AMQP client was closed.');
    }
    const producers = this.#createProducers(peer);
    this.#producers = producers;
    try {
      await this.#attach(peer, producers, options.produce);
    } catch (error) {
      throw this.#failure === undefined ? error : this.#connectFailure(this.#failure);
    }
    if (this.#isEnded()) throw this.#failure ?? new Error('AMQP client was closed.');
    this.#state = 'open';
    if (this.#context.carry.delete(interruptedKey)) this.#events.note?.('success', 'Connection was restored');
    if (options.produce) this.#consumers?.start();
  }

  publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult> {
    return promisedPublish(this, target, message);
  }

  publishWith({ address }: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    if (this.#producers === undefined || this.#state !== 'open')
      ended({ error: new Error('AMQP client is not open.') });
    else this.#producers.publish(address, message, ended);
  }

  resources(): readonly ResourceStatus[] {
    const targets = this.#connection.targets.map(
      ({ address }) =>
        (isOnDemand(address) ? undefined : this.#producers?.status(address)) ?? onDemandStatus(address),
    );
    return [...(this.#consumers?.statuses() ?? []), ...targets];
  }

  async stopConsuming(): Promise<void> {
    this.#consumers?.stop();
  }

  async close(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#consumers?.stop();
    this.#producers?.close(new Error('AMQP client was closed.'));
    await this.#peer?.close();
  }

  async #attach(peer: PeerConnection, producers: Producers, isProducing: boolean): Promise<void> {
    const session = (): PeerSession => this.#currentSession(peer);
    await session().begun.catch((reason: Error) => {
      throw makeError('connectivity:connection.failed', `Failed to create session:${reason.message}`, {
        cause: reason,
      });
    });
    if (isProducing) await producers.open(session);
    const consumers = new Consumers(this.#connection, peer, this.#events, this.#context, this.#settings);
    this.#consumers = consumers;
    await consumers.open(session);
  }

  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  async #connect(): Promise<PeerConnection> {
    const { clock, clientId, log, maxInboundBytes, maxInFlight, tunnel } = this.#context;
    const endpoint = endpointOf(this.#connection, tunnel);
    try {
      return await PeerConnection.open(
        {
          containerId: clientId,
          host: endpoint.host,
          port: endpoint.port,
          serverName: endpoint.serverName,
          tls: this.#tls(endpoint),
          mechanisms: saslMechanisms({
            credentials: this.#credentials(endpoint),
            hasClientCertificate: this.#connection.credentials?.type === 'client-cert',
          }),
          settings: this.#settings,
          clock,
          log,
          maxMessageBytes: maxInboundBytes,
          maxDeliveries: 1_000 + 2 * Math.max(maxInFlight, publishWindow),
        },
        {
          lost: (reason) => this.#lost(reason),
          sessionEnded: (reason) => this.#sessionEnded(reason),
        },
      );
    } catch (error) {
      throw this.#connectFailure(error as Error);
    }
  }

  #tls({ scheme, serverName }: Endpoint): TlsOptions | undefined {
    if (scheme !== 'amqps') return undefined;
    const options = tlsOptions(this.#connection, serverName, true);
    return this.#settings.verifyHost ? options : { ...options, checkServerIdentity: () => undefined };
  }

  /** Signed anew for each connection. */
  #credentials({ credentials }: Endpoint): Endpoint['credentials'] {
    const own = this.#connection.credentials;
    return own?.type === 'hmac' ? compileSaslCredentials(own)(this.#context.clock.now()) : credentials;
  }

  #createProducers(peer: PeerConnection): Producers {
    return new Producers({
      connection: this.#connection,
      peer,
      clock: this.#context.clock,
      settings: this.#settings,
      createMessageId: () => `${this.#idPrefix}${++this.#nextId}`,
      note: (level, text) => this.#events.note?.(level, text),
    });
  }

  #currentSession(peer: PeerConnection): PeerSession {
    if (this.#session === undefined || this.#session.isEnded) this.#session = peer.beginSession(false);
    return this.#session;
  }

  #sessionEnded(reason: Error): void {
    if (this.#state !== 'open') return;
    this.#events.note?.('failure', `Session was closed: ${reason.message}`);
    this.#events.note?.('failure', 'Session has been closed');
  }

  #lost(reason: Error): void {
    if (this.#state === 'ended') return;
    this.#failure ??= reason;
    const wasOpen = this.#state === 'open';
    this.#state = 'ended';
    this.#consumers?.stop();
    this.#producers?.close(new Error('AMQP connection was lost.', { cause: reason }));
    if (!wasOpen) return; // `open` rejects with it
    const { failoverEnabled } = this.#connection;
    this.#events.note?.(
      'failure',
      failoverEnabled ? 'Connection was interrupted' : `Connection failure: ${reason.message}`,
    );
    if (!failoverEnabled) {
      this.#events.lost(reason);
      return;
    }
    this.#context.carry.set(interruptedKey, true);
    // Ditto shows a connection that its driver tries to restore as misconfigured.
    this.#events.lost(new MisconfiguredError(reason.message, { cause: reason }));
  }

  /** JMSConnectionHandlingActor.java `safelyExecuteJmsOperation`. */
  #connectFailure(reason: Error): Error {
    if (reason instanceof AmqpConditionError && reason.isSecurityFailure) {
      const unauthorized = makeError(
        'connectivity:connection.unauthorized',
        `The Connection with ID <${this.#connection.id}> could not authenticate successfully. The underlying driver reported: <${reason.message}>`,
        { cause: reason },
      );
      return new MisconfiguredError(reason.message, { cause: unauthorized });
    }
    return makeError('connectivity:connection.failed', `Failed to connect JMS client:${reason.message}`, {
      cause: reason,
    });
  }
}
