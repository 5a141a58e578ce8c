import type { ExternalMessage } from '@hawser/core';
import { type AmqpValue, TypedValue } from './amqpValues.ts';
import { javaText } from './javaText.ts';
import { messageIdText } from './messageId.ts';
import { type MessageSections, type PropertyName, propertyNames } from './sections.ts';

export const applicationPropertyPrefix = 'amqp.application.property:';
export const annotationPrefix = 'amqp.message.annotation:';

const definedProperties: ReadonlySet<string> = new Set(propertyNames);

export const isDefinedProperty = (name: string): name is PropertyName => definedProperties.has(name);

/** A received message as Ditto sees it (spec 04, 5): a string is text and bytes, data is bytes, anything else has no payload. */
export function externalMessage(sections: MessageSections): ExternalMessage {
  const headers = inboundHeaders(sections);
  const { kind, bytes } = sections.body;
  if (bytes === undefined) return { headers };
  return kind === 'text' ? new TextMessage(headers, bytes) : { headers, bytes };
}

/** Decodes its text only when a mapper asks for it. */
class TextMessage implements ExternalMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  #text: string | undefined;

  constructor(headers: Readonly<Record<string, string>>, bytes: Buffer) {
    this.headers = headers;
    this.bytes = bytes;
  }

  get text(): string {
    this.#text ??= this.bytes.toString('utf8');
    return this.#text;
  }
}

/** connectivity/service/.../messaging/amqp/JMSPropertyMapper.java `getHeadersFromProperties`. */
export function inboundHeaders(
  sections: Pick<MessageSections, 'annotations' | 'properties' | 'applicationProperties'>,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [index, value] of sections.properties.entries()) {
    const name = propertyNames[index];
    const text = name === undefined || value === null ? undefined : propertyText(name, value);
    if (name !== undefined && text !== undefined) headers[name] = text;
  }
  for (const [key, value] of sections.applicationProperties) {
    if (value === null) continue;
    const name = javaText(key);
    headers[isDefinedProperty(name) ? applicationPropertyPrefix + name : name] = javaText(value);
  }
  for (const [key, value] of sections.annotations) {
    if (value !== null) headers[annotationPrefix + javaText(key)] = javaText(value);
  }
  return headers;
}

/** Numbers that are 0 count as absent, as Ditto's client cannot tell them apart. */
function propertyText(name: PropertyName, value: AmqpValue): string | undefined {
  switch (name) {
    case 'content-encoding':
      return undefined;
    case 'message-id':
    case 'correlation-id':
      return messageIdText(value);
    case 'user-id':
      return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined;
    case 'absolute-expiry-time':
    case 'creation-time':
      return value instanceof TypedValue ? nonZero(Number(value.value)) : undefined;
    case 'group-sequence':
      // an int to Ditto's client: large ones come out negative
      return typeof value === 'number' ? nonZero(value | 0) : undefined;
    default:
      return typeof value === 'string' ? value : undefined;
  }
}

const nonZero = (value: number): string | undefined => (value === 0 ? undefined : String(value));
