import { type AmqpValue, TypedValue } from './amqpValues.ts';
import type { AmqpWriter } from './amqpWriter.ts';

const uuidPrefix = 'ID:AMQP_UUID:';
const ulongPrefix = 'ID:AMQP_ULONG:';
const binaryPrefix = 'ID:AMQP_BINARY:';
const stringPrefix = 'ID:AMQP_STRING:';
const noPrefix = 'ID:AMQP_NO_PREFIX:';

/** A message id or correlation id as text; other types than strings get the prefixes of Qpid JMS (AmqpMessageIdHelper). */
export function messageIdText(id: AmqpValue): string | undefined {
  if (typeof id === 'string') return id;
  if (typeof id === 'number' || typeof id === 'bigint') return `${ulongPrefix}${id}`;
  if (id instanceof TypedValue && id.type === 'uuid') return `${uuidPrefix}${id.value}`;
  if (id instanceof Uint8Array) return `${binaryPrefix}${Buffer.from(id).toString('hex').toUpperCase()}`;
  return undefined;
}

/** The inverse. @returns false for a text with a prefix that it does not keep, of which nothing was written */
export function writeMessageId(writer: AmqpWriter, text: string): boolean {
  if (!text.startsWith('ID:AMQP_')) writer.string(text);
  else if (text.startsWith(noPrefix)) writer.string(text.slice(noPrefix.length));
  else if (text.startsWith(stringPrefix)) writer.string(text.slice(stringPrefix.length));
  else if (text.startsWith(uuidPrefix)) return writeUuid(writer, text.slice(uuidPrefix.length));
  else if (text.startsWith(ulongPrefix)) return writeUlong(writer, text.slice(ulongPrefix.length));
  else if (text.startsWith(binaryPrefix)) return writeBinary(writer, text.slice(binaryPrefix.length));
  else writer.string(text);
  return true;
}

function writeUuid(writer: AmqpWriter, text: string): boolean {
  if (!/^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text)) return false;
  writer.uuid(Buffer.from(text.replaceAll('-', ''), 'hex'));
  return true;
}

function writeUlong(writer: AmqpWriter, text: string): boolean {
  if (!/^\d{1,20}$/.test(text)) return false;
  const value = BigInt(text);
  if (value > 0xffff_ffff_ffff_ffffn) return false;
  writer.ulong(value);
  return true;
}

function writeBinary(writer: AmqpWriter, text: string): boolean {
  if (!/^(?:[\da-f]{2})*$/i.test(text)) return false;
  writer.binary(Buffer.from(text, 'hex'));
  return true;
}
