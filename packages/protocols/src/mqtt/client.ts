import type {
  ClientContext,
  ClientEvents,
  Connection,
  ConnectionClient,
  ExternalMessage,
  PublishResult,
  PublishTarget,
  ResourceStatus,
  Settlement,
  SourceOrigin,
} from '@hawser/core';
import type { IClientOptions, IPublishPacket } from 'mqtt';
import { endpointOf } from '../endpoint.ts';
import { targetStatus } from '../publishing.ts';
import { PublishWindow } from '../publishWindow.ts';
import { tlsOptions } from '../tlsOptions.ts';
import { type BrokerEvents, type BrokerOptions, BrokerSession } from './brokerSession.ts';
import { MqttMessage, outboundPublish } from './headers.ts';
import { type MqttSettings, mqttSettings } from './settings.ts';
import { isTopicName, topicMatcher } from './topics.ts';

interface Route {
  readonly sourceIndex: number;
  /** All addresses of the source, as metrics and logs name them. */
  readonly label: string;
  readonly filters: readonly string[];
  readonly qos: 0 | 1 | 2;
  readonly matches: (topic: string) => boolean;
}

export interface MqttClientOptions {
  /** A test connection leaves no traces: clean session, no last will, no keep-alive. */
  readonly isTest: boolean;
}

/** MQTT 3.1.1 and 5 (connectivity/service/.../messaging/mqtt/MqttClientActor.java): one consumer session, which also publishes unless a separate one is asked for. */
export class MqttConnectionClient implements ConnectionClient {
  readonly #connection: Connection;
  readonly #events: ClientEvents;
  readonly #context: ClientContext;
  readonly #settings: MqttSettings;
  readonly #isTest: boolean;
  readonly #routes: readonly Route[];
  readonly #window: PublishWindow;
  #consumer: BrokerSession | undefined;
  #publisher: BrokerSession | undefined;
  /** Resolves when the consumer session that is being restarted is back. */
  #restart: Promise<void> | undefined;
  #cancelRestart: (() => void) | undefined;
  #isClosed = false;
  #isConsuming = true;
  #openSinceMs = 0;

  constructor(
    connection: Connection,
    events: ClientEvents,
    context: ClientContext,
    options: MqttClientOptions,
  ) {
    this.#connection = connection;
    this.#events = events;
    this.#context = context;
    this.#isTest = options.isTest;
    this.#settings = mqttSettings(connection, context);
    this.#routes = routesOf(connection);
    this.#window = new PublishWindow(this.#settings.receiveMaximum);
  }

  async open(): Promise<void> {
    await this.#openConsumer();
    if (this.#settings.separatePublisher && this.#connection.targets.length > 0) {
      this.#publisher = await this.#session(this.#settings.publisherId, {
        publish: () => {},
        lost: (r) => this.#lost(r),
      });
      await this.#publisher.connect();
    }
    this.#openSinceMs = this.#context.clock.now();
  }

  async publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult> {
    const packet = outboundPublish(target, message, this.#settings.version);
    await this.#restart;
    const session = this.#publisher ?? this.#consumer;
    if (session === undefined) throw new Error('MQTT client is not open.');
    if (packet.qos === 0) await session.publish(packet);
    else await this.#windowed(() => session.publish(packet));
    return { status: 200 };
  }

  resources(): readonly ResourceStatus[] {
    const since = { sinceMs: this.#openSinceMs };
    const sources = this.#routes.map(
      ({ label }): ResourceStatus => ({
        type: 'source',
        address: label,
        status: 'open',
        detail: 'Consumer started.',
        ...since,
      }),
    );
    const targets = this.#connection.targets.map(({ address }) => targetStatus(address, this.#openSinceMs));
    return [...sources, ...targets];
  }

  /** Messages that still arrive stay unacknowledged: unsubscribing would end the subscription of a persistent session. */
  async stopConsuming(): Promise<void> {
    this.#isConsuming = false;
    this.#cancelRestart?.();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRestart?.();
    this.#window.clear();
    await Promise.all([this.#consumer?.close(), this.#publisher?.close()]);
  }

  async #openConsumer(): Promise<void> {
    const session = await this.#session(this.#settings.clientId, {
      publish: (packet, settle) => this.#received(packet, settle),
      lost: (reason) => this.#lost(reason),
    });
    this.#consumer = session;
    await session.connect();
    for (const route of this.#routes) await session.subscribe(route.filters, route.qos);
  }

  async #session(clientId: string, events: BrokerEvents): Promise<BrokerSession> {
    const { scheme, host, port, serverName } = endpointOf(this.#connection, this.#context.tunnel);
    const options: BrokerOptions = {
      host,
      port,
      tls: scheme === 'ssl' ? tlsOptions(this.#connection, serverName, true) : undefined,
      client: this.#connectOptions(clientId),
      clock: this.#context.clock,
      maxPacketBytes: this.#context.maxInboundBytes,
      maxInFlight: this.#context.maxInFlight,
      receivedQos2: carriedSet(this.#context.carry, `qos2:${clientId}`),
    };
    const session = await BrokerSession.create(options, events);
    if (this.#isClosed) throw new Error('MQTT client was closed while it opened.');
    return session;
  }

  #connectOptions(clientId: string): IClientOptions {
    const { credentials } = endpointOf(this.#connection);
    const settings = this.#settings;
    const { lastWill } = settings;
    return {
      protocolVersion: settings.version,
      clientId,
      clean: this.#isTest || clientId === '' || settings.cleanSession,
      keepalive: this.#isTest ? 0 : settings.keepAliveSeconds,
      ...credentials,
      ...(settings.version === 5
        ? {
            properties: {
              sessionExpiryInterval: this.#isTest ? 0 : settings.sessionExpirySeconds,
              receiveMaximum: settings.receiveMaximum,
              maximumPacketSize: this.#context.maxInboundBytes,
            },
          }
        : {}),
      ...(lastWill === undefined || this.#isTest
        ? {}
        : {
            will: {
              topic: lastWill.topic,
              payload: Buffer.from(lastWill.message),
              qos: lastWill.qos,
              retain: lastWill.retain,
            },
          }),
    };
  }

  #received(packet: IPublishPacket, settle: (how: 'acknowledge' | 'withhold') => void): void {
    if (!this.#isConsuming) return;
    if (!isTopicName(packet.topic)) {
      this.#events.refused?.(
        this.#originOf(this.#routes[0], packet.topic),
        new Error('Invalid MQTT topic received.'),
      );
      settle('acknowledge');
      return;
    }
    const routes = this.#routesFor(packet.topic);
    if (routes.length === 0) {
      // A persistent session still delivers for subscriptions of an earlier configuration.
      settle('acknowledge');
      return;
    }
    const { topic, qos } = packet;
    const message = new MqttMessage(packet, this.#settings.version);
    const decided = this.#decision(routes.length, qos, settle);
    for (const route of routes) {
      const origin = this.#originOf(route, topic);
      this.#events.message(message, origin, (outcome) => decided(outcome, origin));
    }
  }

  /** Settles when all sources that share a message have decided. Holds nothing of the message, which many may wait for. */
  #decision(
    sources: number,
    qos: number,
    settle: (how: 'acknowledge' | 'withhold') => void,
  ): (outcome: Settlement, origin: SourceOrigin) => void {
    if (sources === 1) return (outcome, origin) => this.#settle([outcome], origin, qos, settle);
    const outcomes: Settlement[] = [];
    return (outcome, origin) => {
      outcomes.push(outcome);
      if (outcomes.length === sources) this.#settle(outcomes, origin, qos, settle);
    };
  }

  #routesFor(topic: string): readonly Route[] {
    const [only] = this.#routes;
    if (this.#routes.length !== 1 || only === undefined)
      return this.#routes.filter((route) => route.matches(topic));
    return only.matches(topic) ? this.#routes : [];
  }

  #originOf(route: Route | undefined, topic: string): SourceOrigin {
    return { sourceIndex: route?.sourceIndex ?? 0, configuredAddress: route?.label ?? topic, address: topic };
  }

  /** The sources that share a message decide together: one wish for redelivery is enough. */
  #settle(
    outcomes: readonly Settlement[],
    origin: SourceOrigin,
    qos: number,
    settle: (how: 'acknowledge' | 'withhold') => void,
  ): void {
    const redeliver = outcomes.includes('redeliver');
    if (redeliver && this.#settings.reconnectForRedelivery) {
      settle('withhold');
      this.#events.acknowledged?.(origin, false, texts.restarting);
      this.#scheduleRestart();
      return;
    }
    settle('acknowledge');
    if (qos === 0) return;
    if (outcomes.includes('rejected') && !redeliver) {
      this.#events.acknowledged?.(origin, false, texts.rejected);
      return;
    }
    this.#events.acknowledged?.(origin, true, texts.settled);
    if (redeliver) this.#events.acknowledged?.(origin, false, texts.redeliverWithoutReconnect);
  }

  /** MQTT redelivers only to a new network connection; one restart serves all messages that wait for it. */
  #scheduleRestart(): void {
    if (this.#cancelRestart !== undefined || this.#isClosed || !this.#isConsuming) return;
    this.#cancelRestart = this.#context.clock.after(this.#settings.redeliveryDelayMs, () => {
      this.#cancelRestart = undefined;
      this.#restart = this.#restartConsumer();
    });
  }

  async #restartConsumer(): Promise<void> {
    try {
      await this.#consumer?.close();
      if (!this.#isClosed) await this.#openConsumer();
    } catch (error) {
      this.#lost(error as Error);
    } finally {
      this.#restart = undefined;
    }
  }

  #windowed(send: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#window.enter(() => {
        send()
          .then(resolve, reject)
          .finally(() => this.#window.done());
      });
    });
  }

  #lost(reason: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.lost(reason);
  }
}

const texts = {
  settled: 'Sending success acknowledgement.',
  redeliverWithoutReconnect:
    'Unfulfilled acknowledgements are present. Acknowledging the MQTT message despite redelivery was requested because MQTT broker would not redeliver the message without a reconnect from the client.',
  restarting:
    'Unfulfilled acknowledgements are present, restarting consumer client in order to get redeliveries.',
  rejected:
    'Unfulfilled acknowledgements are present. Acknowledging the MQTT message because redelivery was not requested.',
} as const;

function routesOf(connection: Connection): readonly Route[] {
  return connection.sources.map((source) => {
    const matchers = source.addresses.map(topicMatcher);
    return {
      sourceIndex: source.index,
      label: source.addresses.join(';'),
      filters: source.addresses,
      qos: source.qos === 1 || source.qos === 2 ? source.qos : 0,
      matches: (topic: string) => matchers.some((matches) => matches(topic)),
    };
  });
}

function carriedSet(carry: Map<string, unknown>, key: string): Set<number> {
  const carried = carry.get(key);
  if (carried instanceof Set) return carried;
  const fresh = new Set<number>();
  carry.set(key, fresh);
  return fresh;
}
