import { AmqpReader } from './amqpReader.ts';
import { type AmqpValue, MalformedAmqpError } from './amqpValues.ts';

/** Codes of the sections of a message (AMQP 1.0 §3.2). */
export const sectionCode = {
  header: 0x70,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
} as const;

/** The fields of the section `properties` in their order (AMQP 1.0 §3.2.4). */
export const propertyNames = [
  'message-id',
  'user-id',
  'to',
  'subject',
  'reply-to',
  'correlation-id',
  'content-type',
  'content-encoding',
  'absolute-expiry-time',
  'creation-time',
  'group-id',
  'group-sequence',
  'reply-to-group-id',
] as const;

export type PropertyName = (typeof propertyNames)[number];

/** A received message taken apart. */
export interface MessageSections {
  /** Whether its header says that it was delivered before. */
  readonly isRedelivered: boolean;
  readonly annotations: ReadonlyMap<AmqpValue, AmqpValue>;
  readonly properties: readonly AmqpValue[];
  readonly applicationProperties: ReadonlyMap<AmqpValue, AmqpValue>;
  readonly body: MessageBody;
}

/** Bytes are not copied from the frame. `other` is everything that Ditto's client has no payload for. */
export type MessageBody =
  | { readonly kind: 'text' | 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'none' | 'other'; readonly bytes?: undefined };

interface Parts {
  isRedelivered: boolean;
  annotations: ReadonlyMap<AmqpValue, AmqpValue>;
  properties: readonly AmqpValue[];
  applicationProperties: ReadonlyMap<AmqpValue, AmqpValue>;
  body: MessageBody;
}

const none: MessageBody = { kind: 'none' };
const other: MessageBody = { kind: 'other' };
const noEntries: ReadonlyMap<AmqpValue, AmqpValue> = new Map();

/** @throws MalformedAmqpError */
export function readMessage(payload: Uint8Array): MessageSections {
  const reader = new AmqpReader(payload);
  const parts: Parts = {
    isRedelivered: false,
    annotations: noEntries,
    properties: [],
    applicationProperties: noEntries,
    body: none,
  };
  while (!reader.isAtEnd) readSection(reader, parts);
  return parts;
}

function readSection(reader: AmqpReader, parts: Parts): void {
  switch (reader.descriptor()) {
    case sectionCode.header:
      parts.isRedelivered = saysRedelivered(listOf(reader.read()));
      break;
    case sectionCode.messageAnnotations:
      parts.annotations = mapOf(reader.read());
      break;
    case sectionCode.properties:
      parts.properties = listOf(reader.read());
      break;
    case sectionCode.applicationProperties:
      parts.applicationProperties = mapOf(reader.read());
      break;
    case sectionCode.data:
      parts.body = dataBody(parts.body, reader.bytes());
      break;
    case sectionCode.value:
      parts.body = valueBody(reader);
      break;
    case sectionCode.sequence:
      parts.body = other;
      reader.skip();
      break;
    default:
      // delivery annotations, the footer, and what a later version may add
      reader.skip();
  }
}

/** A message may come in several data sections, which are one payload. */
function dataBody(before: MessageBody, bytes: Buffer): MessageBody {
  return {
    kind: 'bytes',
    bytes: before.kind === 'bytes' ? Buffer.concat([before.bytes ?? bytes, bytes]) : bytes,
  };
}

function valueBody(reader: AmqpReader): MessageBody {
  const code = reader.peek();
  if (code === 0xa1 || code === 0xb1) return { kind: 'text', bytes: reader.bytes() };
  if (code === 0xa0 || code === 0xb0) return { kind: 'bytes', bytes: reader.bytes() };
  reader.skip();
  return code === 0x40 ? none : other;
}

/** `first-acquirer` false, or a `delivery-count`. */
function saysRedelivered(header: readonly AmqpValue[]): boolean {
  const [, , , firstAcquirer, deliveryCount] = header;
  return firstAcquirer === false || (typeof deliveryCount === 'number' && deliveryCount > 0);
}

function listOf(value: AmqpValue): readonly AmqpValue[] {
  if (Array.isArray(value)) return value;
  throw new MalformedAmqpError('A section is no list.');
}

function mapOf(value: AmqpValue): ReadonlyMap<AmqpValue, AmqpValue> {
  if (value instanceof Map) return value;
  throw new MalformedAmqpError('A section is no map.');
}
