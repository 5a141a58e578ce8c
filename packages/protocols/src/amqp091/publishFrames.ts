import type { ExternalMessage } from '@hawser/core';

/** Type and channel (3 bytes) and size (4) before a frame's payload. */
const frameHead = 7;
const frameEnd = 0xce;
const basicPublish = 0x003c_0028;
const basicClass = 0x003c_0000;
const mandatory = 1;
const hasContentType = 0x8000;
const hasHeaders = 0x2000;
const hasCorrelationId = 0x0400;
/** Everything but texts and body: three frames, their fixed fields, and the lengths of the texts. */
const fixedBytes = 80;
/** Longest text that is written character by character: what calling into the runtime costs is about this. */
const shortText = 64;

/** Where and what to publish. */
export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly message: ExternalMessage;
}

/** No more bytes than the three frames of a message take: a character has at most three. */
export function roomFor({ exchange, routingKey, message }: Publication): number {
  const { headers, text, bytes } = message;
  let characters = exchange.length + routingKey.length + (text?.length ?? 0);
  let lengths = 0;
  for (const name in headers) {
    const value = headers[name] ?? '';
    characters += name.length + value.length;
    // content type and correlation id stand in the properties as well
    if (name === 'content-type' || name === 'correlation-id') characters += value.length;
    lengths += 6;
  }
  return fixedBytes + lengths + 3 * characters + (text === undefined ? (bytes?.length ?? 0) : 0);
}

/**
 * Writes a message as `basic.publish`, content header and body, byte for byte as the driver does with `publishOptions`, but
 * straight to its place: the driver makes each frame by itself and then copies all of them together.
 *
 * @param at where to begin; there is as much room as `roomFor` says
 * @returns where it ends; undefined when a text is too long for its place, which the driver has to refuse
 */
export function writePublish(
  buffer: Buffer,
  at: number,
  channel: number,
  publication: Publication,
): number | undefined {
  const header = writeMethod(buffer, at, channel, publication);
  if (header === undefined) return undefined;
  const { message } = publication;
  const body = writeHeader(buffer, header, channel, message.headers);
  if (body === undefined) return undefined;
  const start = body + frameHead;
  const length = writeBody(buffer, start, message);
  // the size of the body: 64 bits, of which none of the upper ones is ever set here
  buffer.writeUInt32BE(0, header + frameHead + 4);
  buffer.writeUInt32BE(length, header + frameHead + 8);
  return length === 0 ? body : closeFrame(buffer, body, 3, channel, start + length);
}

function writeMethod(
  buffer: Buffer,
  frame: number,
  channel: number,
  { exchange, routingKey }: Publication,
): number | undefined {
  let at = frame + frameHead;
  at = buffer.writeUInt32BE(basicPublish, at);
  at = buffer.writeUInt16BE(0, at);
  const key = writeShort(buffer, at, exchange);
  const flags = key === undefined ? undefined : writeShort(buffer, key, routingKey);
  if (flags === undefined) return undefined;
  buffer[flags] = mandatory;
  return closeFrame(buffer, frame, 1, channel, flags + 1);
}

/** Leaves the size of the body open. */
function writeHeader(
  buffer: Buffer,
  frame: number,
  channel: number,
  headers: ExternalMessage['headers'],
): number | undefined {
  const contentType = headers['content-type'];
  const correlationId = headers['correlation-id'];
  buffer.writeUInt32BE(basicClass, frame + frameHead);
  const flags =
    hasHeaders +
    (contentType === undefined ? 0 : hasContentType) +
    (correlationId === undefined ? 0 : hasCorrelationId);
  let at: number | undefined = buffer.writeUInt16BE(flags, frame + frameHead + 12);
  if (contentType !== undefined) at = writeShort(buffer, at, contentType);
  if (at !== undefined) at = writeTable(buffer, at, headers);
  if (at !== undefined && correlationId !== undefined) at = writeShort(buffer, at, correlationId);
  return at === undefined ? undefined : closeFrame(buffer, frame, 2, channel, at);
}

/** All values are texts: `longstr`, told by an `S`. */
function writeTable(buffer: Buffer, start: number, headers: ExternalMessage['headers']): number | undefined {
  let at = start + 4;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    const end = writeShort(buffer, at, name);
    if (end === undefined) return undefined;
    buffer[end] = 0x53;
    at = writeText(buffer, end + 5, value);
    buffer.writeUInt32BE(at - end - 5, end + 1);
  }
  buffer.writeUInt32BE(at - start - 4, start);
  return at;
}

function writeBody(buffer: Buffer, at: number, { text, bytes }: ExternalMessage): number {
  if (text !== undefined) return writeText(buffer, at, text) - at;
  if (bytes === undefined) return 0;
  buffer.set(bytes, at);
  return bytes.length;
}

function closeFrame(buffer: Buffer, frame: number, type: number, channel: number, end: number): number {
  buffer[frame] = type;
  buffer.writeUInt16BE(channel, frame + 1);
  buffer.writeUInt32BE(end - frame - frameHead, frame + 3);
  buffer[end] = frameEnd;
  return end + 1;
}

/** A text of at most 255 bytes after its length. */
function writeShort(buffer: Buffer, at: number, text: string): number | undefined {
  const end = writeText(buffer, at + 1, text);
  const length = end - at - 1;
  if (length > 255) return undefined;
  buffer[at] = length;
  return end;
}

function writeText(buffer: Buffer, at: number, text: string): number {
  if (text.length > shortText) return at + buffer.write(text, at);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return at + buffer.write(text, at);
    buffer[at + i] = code;
  }
  return at + text.length;
}
