import { type ExternalMessage, makeError } from '@hawser/core';
import type { ConsumeMessage, Options } from 'amqplib';

const maxDepth = 16;

/** A delivery as Ditto sees it (connectivity/service/.../rabbitmq/RabbitMQConsumerActor.java): text unless its content type says bytes. */
export function inboundMessage(delivery: ConsumeMessage): ExternalMessage {
  const headers = inboundHeaders(delivery);
  const contentType = headers['content-type'] ?? '';
  return contentType.startsWith('application/octet-stream')
    ? { headers, bytes: delivery.content }
    : new TextMessage(headers, delivery.content, contentType);
}

/** Decodes its text only when a mapper asks for it. */
class TextMessage implements ExternalMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly #content: Buffer;
  readonly #contentType: string;
  #text: string | undefined;

  constructor(headers: Readonly<Record<string, string>>, content: Buffer, contentType: string) {
    this.headers = headers;
    this.#content = content;
    this.#contentType = contentType;
  }

  get text(): string {
    this.#text ??= decode(this.#content, this.#contentType);
    return this.#text;
  }
}

function inboundHeaders(delivery: ConsumeMessage): Record<string, string> {
  const { properties, fields } = delivery;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties.headers ?? {})) {
    if (value !== null && value !== undefined) headers[name] = javaText(value, 0);
  }
  if (properties.replyTo !== undefined) headers['reply-to'] = String(properties.replyTo);
  if (properties.correlationId !== undefined) headers['correlation-id'] = String(properties.correlationId);
  if (properties.contentType !== undefined) headers['content-type'] = String(properties.contentType);
  headers['messageId'] = String(fields.deliveryTag);
  return headers;
}

/** A table value in the print form of the Java client's types. */
function javaText(value: unknown, depth: number): string {
  if (depth > maxDepth) return '...';
  if (Array.isArray(value)) return `[${value.map((item) => javaText(item, depth + 1)).join(', ')}]`;
  if (Buffer.isBuffer(value)) return value.toString();
  if (typeof value !== 'object' || value === null) return String(value);
  if ('!' in value && 'value' in value) return typedText(value['!'], value.value, depth);
  const members = Object.entries(value).map(([key, member]) => `${key}=${javaText(member, depth + 1)}`);
  return `{${members.join(', ')}}`;
}

/** Values that the driver wraps to keep their AMQP type: timestamps (seconds), decimals, and numbers of a given width. */
function typedText(type: unknown, value: unknown, depth: number): string {
  if (type === 'timestamp') return new Date(Number(value) * 1_000).toString();
  if (
    type === 'decimal' &&
    typeof value === 'object' &&
    value !== null &&
    'digits' in value &&
    'places' in value
  ) {
    return String(Number(value.digits) / 10 ** Number(value.places));
  }
  return javaText(value, depth + 1);
}

function decode(content: Buffer, contentType: string): string {
  const charset = /;\s*charset=\s*"?([^;"\s]+)/i.exec(contentType)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return content.toString();
  try {
    return new TextDecoder(charset).decode(content);
  } catch {
    return content.toString();
  }
}

/** Exchange and routing key of `exchange/routingKey`; the exchange may be empty. @throws DittoError */
export function parseAddress(address: string): { readonly exchange: string; readonly routingKey: string } {
  const slash = address.indexOf('/');
  if (slash < 0 || slash === address.length - 1 || address.indexOf('/', slash + 1) >= 0) {
    throw makeError(
      'connectivity:connection.configuration.invalid',
      `The target address '${address}' must be specified in the format 'exchange/routingKey'.`,
    );
  }
  return { exchange: address.slice(0, slash), routingKey: address.slice(slash + 1) };
}

/** `content-type` and `correlation-id` are properties as well as headers; there is no reply-to and no delivery mode. */
export function publishOptions(headers: Readonly<Record<string, string>>): Options.Publish {
  const contentType = headers['content-type'];
  const correlationId = headers['correlation-id'];
  const options: Options.Publish = { mandatory: true, headers };
  if (contentType !== undefined) options.contentType = contentType;
  if (correlationId !== undefined) options.correlationId = correlationId;
  return options;
}
