import { type ClientContext, type Connection, configDurationMs } from '@hawser/core';
import { configNumber } from '../configNumber.ts';

export interface LastWill {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly message: string;
}

/** What `specificConfig` and the service's configuration say about an MQTT connection (spec 04, 6). */
export interface MqttSettings {
  readonly version: 4 | 5;
  readonly cleanSession: boolean;
  readonly clientId: string;
  readonly publisherId: string;
  readonly separatePublisher: boolean;
  readonly keepAliveSeconds: number;
  readonly reconnectForRedelivery: boolean;
  readonly redeliveryDelayMs: number;
  readonly lastWill: LastWill | undefined;
  /** MQTT 5. */
  readonly sessionExpirySeconds: number;
  readonly receiveMaximum: number;
}

type Context = Pick<ClientContext, 'clientId' | 'config' | 'maxInFlight'>;

/** Texts that are no booleans or durations fall back to the default, as validation has refused them before. */
export function mqttSettings(connection: Connection, context: Context): MqttSettings {
  const { specificConfig } = connection;
  const suffix = context.clientId.slice(connection.id.length);
  const clientId = specificConfig['clientId'];
  const publisherId = specificConfig['publisherId'];
  const delayMs = duration(
    specificConfig['reconnectForRedeliveryDelay'],
    configNumber(context.config, 'reconnectForRedeliveryDelayMs', 10_000),
  );
  return {
    version: connection.connectionType === 'mqtt-5' ? 5 : 4,
    cleanSession: flag(specificConfig['cleanSession'], context.config['cleanSession'] === true),
    clientId: suffixed(clientId ?? connection.id, suffix),
    publisherId: suffixed(publisherId ?? `${clientId ?? connection.id}p`, suffix),
    separatePublisher: flag(
      specificConfig['separatePublisherClient'],
      context.config['separatePublisherClient'] === true,
    ),
    keepAliveSeconds: clamp(duration(specificConfig['keepAlive'], 60_000) / 1_000, 0, 65_535),
    reconnectForRedelivery: flag(
      specificConfig['reconnectForRedelivery'],
      context.config['reconnectForRedelivery'] === true,
    ),
    redeliveryDelayMs: Math.max(1_000, delayMs),
    lastWill: lastWill(specificConfig),
    sessionExpirySeconds: clamp(
      configNumber(context.config, 'sessionExpiryIntervalMs', 60_000) / 1_000,
      0,
      0xffff_ffff,
    ),
    receiveMaximum: clamp(
      Math.min(configNumber(context.config, 'receiveMaximumClient', 65_535), context.maxInFlight),
      1,
      65_535,
    ),
  };
}

/** An empty id stays empty: the broker assigns one. */
function suffixed(id: string, suffix: string): string {
  return id === '' ? '' : `${id}${suffix}`;
}

function lastWill(config: Readonly<Record<string, string>>): LastWill | undefined {
  const topic = config['lastWillTopic'];
  if (topic === undefined) return undefined;
  const qos = Number(config['lastWillQos'] ?? 0);
  return {
    topic,
    qos: qos === 1 || qos === 2 ? qos : 0,
    retain: flag(config['lastWillRetain'], false),
    message: config['lastWillMessage'] ?? '',
  };
}

function flag(text: string | undefined, otherwise: boolean): boolean {
  return text === undefined ? otherwise : text.toLowerCase() === 'true';
}

function duration(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : configDurationMs(text)) ?? otherwise;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.trunc(value)));
}
