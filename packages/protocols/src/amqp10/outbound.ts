import type { ExternalMessage } from '@hawser/core';
import { AmqpWriter } from './amqpWriter.ts';
import { destinationOf } from './destination.ts';
import { annotationPrefix, applicationPropertyPrefix, isDefinedProperty } from './headers.ts';
import { writeMessageId } from './messageId.ts';
import { type PropertyName, propertyNames, sectionCode } from './sections.ts';

/** What Ditto's client adds to a message that does not say it itself. */
export interface Stamp {
  /** The name of the destination. */
  readonly to: string;
  readonly messageId: string;
  /** ms since 1970. */
  readonly creationTime: number;
}

/**
 * A message on the wire (JMSPropertyMapper.java `setPropertiesAndApplicationProperties`): durable, text as a string value,
 * bytes as data, no payload as no value. A header that no property can take is left out.
 */
export function encodeMessage(message: ExternalMessage, stamp: Stamp): Buffer {
  const { headers, text, bytes } = message;
  const names = Object.keys(headers);
  const writer = new AmqpWriter(128 + roomFor(headers, names) + stamp.to.length + bodyRoom(text, bytes));
  writeHeader(writer);
  writeAnnotations(writer, headers, names);
  writeProperties(writer, headers, stamp);
  writeApplicationProperties(writer, headers, names);
  if (text === undefined && bytes !== undefined) {
    writer.descriptor(sectionCode.data);
    writer.binary(bytes);
  } else {
    writer.descriptor(sectionCode.value);
    if (text === undefined) writer.null();
    else writer.string(text);
  }
  return writer.end();
}

function writeHeader(writer: AmqpWriter): void {
  writer.descriptor(sectionCode.header);
  const list = writer.list();
  writer.boolean(true);
  writer.close(list, 1);
}

function writeAnnotations(
  writer: AmqpWriter,
  headers: ExternalMessage['headers'],
  names: readonly string[],
): void {
  const annotations = names.filter((name) => name.startsWith(annotationPrefix));
  if (annotations.length === 0) return;
  writer.descriptor(sectionCode.messageAnnotations);
  const map = writer.map();
  for (const name of annotations) {
    writer.symbol(name.slice(annotationPrefix.length));
    writer.string(headers[name] ?? '');
  }
  writer.close(map, annotations.length * 2);
}

function writeProperties(writer: AmqpWriter, headers: ExternalMessage['headers'], stamp: Stamp): void {
  writer.descriptor(sectionCode.properties);
  const list = writer.list();
  for (const name of propertyNames) {
    const value = headers[name];
    if ((value === undefined || !writeProperty(writer, name, value)) && !writeStamp(writer, name, stamp)) {
      writer.null();
    }
  }
  writer.close(list, propertyNames.length);
}

/** @returns false when the value is none for this property; nothing was written then */
function writeProperty(writer: AmqpWriter, name: PropertyName, value: string): boolean {
  switch (name) {
    case 'content-encoding':
      return false;
    case 'message-id':
    case 'correlation-id':
      return writeMessageId(writer, value);
    case 'user-id':
      writer.binary(Buffer.from(value));
      return true;
    case 'content-type':
      writer.symbol(value);
      return true;
    case 'to':
    case 'reply-to':
      if (value === '') return false;
      writer.string(destinationOf(value).name);
      return true;
    case 'absolute-expiry-time':
    case 'creation-time':
      return writeTimestamp(writer, value);
    case 'group-sequence':
      return writeSequence(writer, value);
    default:
      writer.string(value);
      return true;
  }
}

function writeStamp(writer: AmqpWriter, name: PropertyName, stamp: Stamp): boolean {
  if (name === 'to') writer.string(stamp.to);
  else if (name === 'message-id') writer.string(stamp.messageId);
  else if (name === 'creation-time') writer.timestamp(BigInt(stamp.creationTime));
  else return false;
  return true;
}

/** A Java long; 0 is the same as none. */
function writeTimestamp(writer: AmqpWriter, text: string): boolean {
  if (!/^[+-]?\d{1,19}$/.test(text)) return false;
  const value = BigInt(text.replace('+', ''));
  if (value === 0n || value !== BigInt.asIntN(64, value)) return false;
  writer.timestamp(value);
  return true;
}

/** A Java int, sent as the unsigned number with the same bits. */
function writeSequence(writer: AmqpWriter, text: string): boolean {
  if (!/^[+-]?\d{1,10}$/.test(text)) return false;
  const value = Number(text);
  if (value !== (value | 0)) return false;
  writer.uint(value >>> 0);
  return true;
}

function writeApplicationProperties(
  writer: AmqpWriter,
  headers: ExternalMessage['headers'],
  names: readonly string[],
): void {
  const properties = new Map<string, string>();
  for (const name of names) {
    if (isDefinedProperty(name) || name.startsWith(annotationPrefix)) continue;
    const key = name.startsWith(applicationPropertyPrefix)
      ? name.slice(applicationPropertyPrefix.length)
      : name;
    properties.set(key, headers[name] ?? '');
  }
  if (properties.size === 0) return;
  writer.descriptor(sectionCode.applicationProperties);
  const map = writer.map();
  for (const [key, value] of properties) {
    writer.string(key);
    writer.string(value);
  }
  writer.close(map, properties.size * 2);
}

function roomFor(headers: ExternalMessage['headers'], names: readonly string[]): number {
  let room = 0;
  for (const name of names) room += 10 + name.length + (headers[name]?.length ?? 0);
  return room;
}

const bodyRoom = (text: string | undefined, bytes: Uint8Array | undefined): number =>
  text === undefined ? (bytes?.length ?? 0) : Buffer.byteLength(text);
