import { type ExternalMessage, makeError, type PublishTarget } from '@hawser/core';
import type { IPublishPacket } from 'mqtt';

type UserProperties = Record<string, string | string[]>;

/** Headers that stand for parts of the packet and never become user properties. */
const reserved = new Set([
  'mqtt.topic',
  'mqtt.qos',
  'mqtt.retain',
  'mqtt.message-expiry-interval',
  'correlation-id',
  'reply-to',
  'content-type',
]);

/** A received PUBLISH as Ditto sees it (spec 04, 6): payload is bytes and, decoded only when asked for, text. */
export class MqttMessage implements ExternalMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  #text: string | undefined;

  constructor(packet: IPublishPacket, version: 4 | 5) {
    this.headers = inboundHeaders(packet, version);
    this.bytes = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  }

  get text(): string {
    this.#text ??= Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength).toString();
    return this.#text;
  }
}

function inboundHeaders(packet: IPublishPacket, version: 4 | 5): Record<string, string> {
  const headers: Record<string, string> = {
    'mqtt.topic': packet.topic,
    'mqtt.qos': String(packet.qos),
    'mqtt.retain': String(packet.retain),
  };
  const properties = version === 5 ? packet.properties : undefined;
  if (properties === undefined) return headers;
  if (properties.messageExpiryInterval !== undefined) {
    headers['mqtt.message-expiry-interval'] = String(properties.messageExpiryInterval);
  }
  if (properties.correlationData !== undefined)
    headers['correlation-id'] = properties.correlationData.toString();
  if (properties.responseTopic !== undefined) headers['reply-to'] = properties.responseTopic;
  if (properties.contentType !== undefined) headers['content-type'] = properties.contentType;
  for (const [name, value] of Object.entries(properties.userProperties ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && !reserved.has(name)) headers[name] = last;
  }
  return headers;
}

/** What to publish where. */
export interface MqttPublish {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: IPublishPacket['properties'];
}

/** @throws DittoError `connectivity:message.sending.failed` 400 for values that no packet can carry */
export function outboundPublish(
  target: PublishTarget,
  message: ExternalMessage,
  version: 4 | 5,
): MqttPublish {
  const { headers } = message;
  return {
    topic: topicName(headers['mqtt.topic'] ?? target.address),
    payload: message.text ?? Buffer.from(message.bytes ?? []),
    qos: qosOf(headers['mqtt.qos'], target.qos),
    retain: retainOf(headers['mqtt.retain']),
    properties: version === 5 ? propertiesOf(headers) : undefined,
  };
}

function propertiesOf(headers: Readonly<Record<string, string>>): NonNullable<IPublishPacket['properties']> {
  const userProperties: UserProperties = {};
  let anyProperty = false;
  for (const [name, value] of Object.entries(headers)) {
    if (reserved.has(name) || value.trim() === '') continue;
    if (!isShortString(name) || !isShortString(value)) throw invalid(name.slice(0, 100), value);
    userProperties[name] = value;
    anyProperty = true;
  }
  const expiry = expiryOf(headers['mqtt.message-expiry-interval']);
  const correlation = headers['correlation-id'];
  const replyTo = headers['reply-to'];
  const contentType = headers['content-type'];
  const properties: NonNullable<IPublishPacket['properties']> = {};
  if (correlation !== undefined) properties.correlationData = Buffer.from(correlation);
  if (replyTo !== undefined) properties.responseTopic = topicName(replyTo);
  if (contentType !== undefined) properties.contentType = contentType;
  if (expiry !== undefined) properties.messageExpiryInterval = expiry;
  if (anyProperty) properties.userProperties = userProperties;
  return properties;
}

function qosOf(header: string | undefined, configured: number | undefined): 0 | 1 | 2 {
  const qos = header === undefined ? (configured ?? 0) : integer(header, 'mqtt.qos');
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw invalid('mqtt.qos', header ?? String(qos));
}

function retainOf(header: string | undefined): boolean {
  if (header === undefined) return false;
  const text = header.trim().toLowerCase();
  if (text !== 'true' && text !== 'false') throw invalid('mqtt.retain', header);
  return text === 'true';
}

function expiryOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = integer(header, 'mqtt.message-expiry-interval');
  if (seconds < 0 || seconds > 0xffff_ffff) throw invalid('mqtt.message-expiry-interval', header);
  return seconds === 0 ? undefined : seconds;
}

function integer(text: string, header: string): number {
  if (!/^[+-]?\d{1,10}$/.test(text.trim())) throw invalid(header, text);
  return Number(text);
}

/** Strings of a packet have a length of two bytes [MQTT-1.5.4]. */
function isShortString(text: string): boolean {
  return text.length <= 16_383 || Buffer.byteLength(text) <= 65_535;
}

/** A PUBLISH names one topic: no wildcards, no NUL, at most 65,535 bytes [MQTT-3.3.2-2], [MQTT-4.7.3]. */
function topicName(topic: string): string {
  if (topic === '' || /[+#\0]/.test(topic) || !isShortString(topic)) throw invalid('mqtt.topic', topic);
  return topic;
}

function invalid(header: string, value: string): Error {
  return makeError(
    'connectivity:message.sending.failed',
    `Failed to send message: Invalid value <${value.slice(0, 200)}> for <${header}>.`,
    {
      status: 400,
    },
  );
}
