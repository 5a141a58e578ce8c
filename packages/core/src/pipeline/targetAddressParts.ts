import { Buffer } from 'node:buffer';
import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { kafkaTopicFault } from '../validation/kafkaTopic.ts';

/*
 * The parts of a resolved target address, by protocol. They come from the outside as much as from the configuration:
 * no part may hold what would end it (control characters) or lead elsewhere.
 */

const invalid = (message: string): DittoError =>
  makeError('connectivity:connection.configuration.invalid', message);

/** @throws DittoError for line ends, NUL and other control characters: they would end a header, a request line or a topic */
function withoutControls(address: string): string {
  if (/[\u0000-\u001f\u007f]/.test(address))
    throw invalid('The target address must not contain control characters.');
  return address;
}

/** An exchange and a routing key; the exchange may be empty (the default exchange). */
export interface AmqpAddress {
  readonly exchange: string;
  readonly routingKey: string;
}

/** `exchange/routingKey` (connectivity/service/.../rabbitmq/RabbitMQTarget.java). @throws DittoError */
export function parseAmqp091Address(address: string): AmqpAddress {
  const slash = address.indexOf('/');
  const routingKey = withoutTrailingSlashes(address.slice(slash + 1));
  if (slash < 0 || routingKey === '' || routingKey.includes('/'))
    throw invalid(`The target address '${address}' must be specified in the format 'exchange/routingKey'.`);
  return { exchange: address.slice(0, slash), routingKey };
}

function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end--;
  return text.slice(0, end);
}

export interface KafkaAddress {
  readonly topic: string;
  readonly key: string | undefined;
  readonly partition: number | undefined;
}

/** `topic`, `topic/key` or `topic#partition` (connectivity/service/.../kafka/KafkaPublishTarget.java). @throws DittoError */
export function parseKafkaAddress(address: string): KafkaAddress {
  const slash = address.indexOf('/');
  if (slash > 0) {
    const key = address.slice(slash + 1);
    return { topic: kafkaTopic(address.slice(0, slash)), key: key || undefined, partition: undefined };
  }
  const hash = address.indexOf('#');
  if (hash > 0) {
    const topic = kafkaTopic(address.slice(0, hash));
    return { topic, key: undefined, partition: kafkaPartition(address.slice(hash + 1)) };
  }
  return { topic: kafkaTopic(address), key: undefined, partition: undefined };
}

/** org.apache.kafka.common.internals.Topic */
function kafkaTopic(topic: string): string {
  const fault = kafkaTopicFault(topic);
  if (fault !== undefined) throw invalid(`Topic name is invalid: ${fault}`);
  return topic;
}

function kafkaPartition(text: string): number | undefined {
  if (text === '') return undefined;
  const partition = Number(text);
  if (!/^[+-]?\d+$/.test(text) || (partition | 0) !== partition)
    throw invalid(`Can not parse partition number from ${text}`);
  return partition;
}

export interface HttpAddress {
  readonly method: string;
  /** As configured; `httpRequestTarget` makes a request target of it. */
  readonly pathWithQuery: string;
}

const HTTP_METHODS = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** `VERB:path?query`; without a verb that HTTP knows, all of it is the path of a POST (`.../httppush/HttpPublishTarget.java`). */
export function parseHttpAddress(address: string): HttpAddress {
  const safe = withoutControls(address);
  const colon = safe.indexOf(':');
  const method = safe.slice(0, Math.max(colon, 0));
  return HTTP_METHODS.has(method)
    ? { method, pathWithQuery: safe.slice(colon + 1) }
    : { method: 'POST', pathWithQuery: safe };
}

/**
 * The topic to publish to. @throws DittoError for what no broker takes as the name of a topic: empty, wildcards, control
 * characters, more than 65535 bytes [MQTT-3.3.2-2, MQTT-4.7.3-1 to 4.7.3-3]
 */
export function parseMqttAddress(address: string): string {
  const topic = withoutControls(address);
  if (topic === '' || /[+#]/.test(topic) || Buffer.byteLength(topic) > 65_535)
    throw invalid(`The target address '${topic}' is no valid topic name.`);
  return topic;
}
