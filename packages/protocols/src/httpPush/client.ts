import { createSecureContext } from 'node:tls';
import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  type ConnectionClient,
  ConnectionFailure,
  type ExternalMessage,
  isDittoError,
  MisconfiguredError,
  OpenList,
  type OpenListLinks,
  type PublishEnd,
  PublishError,
  type PublishResult,
  type PublishTarget,
  type ResourceStatus,
} from '@hawser/core';
import { endpointOf } from '../endpoint.ts';
import { promisedPublish, targetStatus } from '../publishing.ts';
import { PublishWindow } from '../publishWindow.ts';
import { tlsOptions } from '../tlsOptions.ts';
import { resultOf, sendingFailed } from './answer.ts';
import { type Authorization, authorizationOf } from './authorization.ts';
import { type PushBase, type PushRequest, pushBase, pushRequest } from './request.ts';
import { type HttpProxy, type HttpPushSettings, httpPushSettings } from './settings.ts';
import { Transport } from './transport.ts';

interface Pending extends OpenListLinks<Pending> {
  readonly request: PushRequest;
  readonly maxAnswerBytes: number;
  readonly ended: (end: PublishEnd) => void;
}

const queueFullReasons =
  'This can have the following reasons:\na) The HTTP endpoint does not consume the messages fast enough.\nb) The client count and/or the parallelism of this connection is not configured high enough.';

/** HTTP 1.1 (connectivity/service/.../messaging/httppush/HttpPublisherActor.java): requests in order, as many at once as the connection allows. */
export class HttpPushClient implements ConnectionClient {
  readonly #connection: Connection;
  readonly #events: ClientEvents;
  readonly #context: ClientContext;
  readonly #settings: HttpPushSettings;
  readonly #base: PushBase;
  readonly #window: PublishWindow;
  readonly #pending = new OpenList<Pending>();
  #transport: Transport | undefined;
  #authorization: Authorization | undefined;
  #openSinceMs: number | undefined;
  #isEnded = false;

  constructor(connection: Connection, events: ClientEvents, context: ClientContext) {
    this.#connection = connection;
    this.#events = events;
    this.#context = context;
    this.#settings = httpPushSettings(connection, context.config);
    this.#base = pushBase(connection.uri);
    this.#window = new PublishWindow(this.#settings.parallelism);
  }

  /** As in Ditto, nothing is connected before the first message. @throws DittoError, MisconfiguredError */
  async open(): Promise<void> {
    const { clock, tunnel } = this.#context;
    const { parallelism: connections, requestTimeoutMs } = this.#settings;
    const tls = tlsOptions(this.#connection, endpointOf(this.#connection).serverName, true);
    checkCertificates(tls);
    const { origin } = this.#base;
    const way = { origin, tls, proxy: this.#proxy, tunnel };
    this.#transport = await Transport.create({ ...way, connections, requestTimeoutMs, clock });
    this.#authorization = await authorizationOf(this.#connection, this.#base, this.#settings, clock);
    if (this.#isEnded) {
      await this.#closeParts();
      throw new Error('HTTP client was closed.');
    }
    this.#openSinceMs = clock.now();
  }

  /** What a test of the connection shows beyond a socket: a token, and a TLS handshake. @throws Error */
  async prove(): Promise<void> {
    await this.#authorization?.prove();
    if (this.#base.origin.startsWith('https:') && this.#proxy === undefined) await this.#transport?.prove();
  }

  /** No proxy knows the end of a tunnel on this machine. */
  get #proxy(): HttpProxy | undefined {
    return this.#context.tunnel === undefined ? this.#settings.proxy : undefined;
  }

  publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult> {
    return promisedPublish(this, target, message);
  }

  publishWith(target: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    const { parallelism, maxQueueSize, maxAnswerBytes } = this.#settings;
    if (this.#openSinceMs === undefined || this.#isEnded) {
      ended({ error: new Error('HTTP client is not open.') });
      return;
    }
    if (this.#pending.size >= parallelism + maxQueueSize) {
      ended({ error: sendingFailed(tooManyInFlight, queueFullReasons) });
      return;
    }
    let request: PushRequest;
    try {
      request = pushRequest(target, message, this.#base, this.#settings);
    } catch (error) {
      ended({ error });
      return;
    }
    const pending: Pending = {
      request,
      maxAnswerBytes: Math.floor(maxAnswerBytes / (target.answerShares ?? 1)),
      ended,
      list: undefined,
      next: undefined,
      previous: undefined,
    };
    this.#pending.add(pending);
    this.#window.enter(() => void this.#send(pending));
  }

  resources(): readonly ResourceStatus[] {
    const sinceMs = this.#openSinceMs ?? this.#context.clock.now();
    return this.#connection.targets.map(({ address }) => targetStatus(address, sinceMs));
  }

  async stopConsuming(): Promise<void> {}

  async close(): Promise<void> {
    if (!this.#isEnded) this.#end(new Error('HTTP client was closed.'));
    await this.#closeParts();
  }

  /** Never rejects. */
  async #send(pending: Pending): Promise<void> {
    const { clock } = this.#context;
    const [transport, authorization] = [this.#transport, this.#authorization];
    if (transport === undefined || authorization === undefined) return;
    let result: PublishResult;
    try {
      const request = await this.#authorized(pending.request, authorization);
      const startedAt = clock.monotonic();
      const response = await transport.send(request, pending.maxAnswerBytes);
      this.#took(clock.monotonic() - startedAt);
      result = resultOf(response);
    } catch (error) {
      this.#failed(pending, error as NodeJS.ErrnoException);
      return;
    }
    this.#finish(pending, { result });
  }

  async #authorized(request: PushRequest, authorization: Authorization): Promise<PushRequest> {
    try {
      return await authorization.authorize(request);
    } catch (error) {
      const reason = error as Error;
      throw new ConnectionFailure(
        'HttpPublisherActor stream terminated',
        new MisconfiguredError(reason.message, { cause: reason }),
      );
    }
  }

  #took(ms: number): void {
    if (!this.#isEnded)
      this.#events.note?.('success', `HTTP request took <${Math.round(ms).toLocaleString('en-US')}> ms.`);
  }

  #failed(pending: Pending, error: NodeJS.ErrnoException): void {
    if (isDittoError(error) || error instanceof PublishError) {
      this.#finish(pending, { error });
      return;
    }
    if (error.code === 'UND_ERR_INVALID_ARG') {
      this.#finish(pending, { error: new PublishError(400, error.message) });
      return;
    }
    if (error instanceof ConnectionFailure) {
      this.#lost(error);
      return;
    }
    const { origin } = this.#base;
    this.#lost(
      new ConnectionFailure(`Failed to send HTTP request to <${origin}${pending.request.target}>.`, error),
    );
  }

  #finish(pending: Pending, end: PublishEnd): void {
    if (!this.#pending.delete(pending)) return;
    this.#window.done();
    pending.ended(end);
  }

  #lost(reason: Error): void {
    if (this.#isEnded) return;
    this.#end(reason);
    this.#events.lost(reason);
    void this.#closeParts();
  }

  /** Whatever is unanswered has an unknown outcome from now on. */
  #end(reason: Error): void {
    this.#isEnded = true;
    this.#window.clear();
    for (const pending of this.#pending.members())
      if (this.#pending.delete(pending)) pending.ended({ error: reason });
  }

  async #closeParts(): Promise<void> {
    await Promise.all([this.#transport?.close(), this.#authorization?.close()]);
  }
}

const tooManyInFlight = 'Outgoing HTTP request aborted: There are too many in-flight requests.';

/** Otherwise they would be found to be none with every request. @throws MisconfiguredError */
function checkCertificates(tls: ReturnType<typeof tlsOptions>): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new MisconfiguredError((error as Error).message, { cause: error });
  }
}
