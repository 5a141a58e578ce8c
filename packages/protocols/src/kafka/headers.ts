import { randomUUID } from 'node:crypto';
import type { ExternalMessage } from '@hawser/core';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A record as Ditto sees it (connectivity/service/.../messaging/kafka/KafkaMessageTransformer.java): bytes and, decoded only when asked for, text. */
export class KafkaRecord implements ExternalMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** A header came more than once; its last value counts. */
  readonly hasDuplicates: boolean;
  #text: string | undefined;

  constructor(topic: string, record: Pick<KafkaMessage, 'key' | 'value' | 'timestamp' | 'headers'>) {
    const { headers, hasDuplicates } = recordHeaders(record.headers ?? {});
    headers['correlation-id'] ??= randomUUID();
    headers['kafka.topic'] = topic;
    headers['kafka.timestamp'] = record.timestamp;
    if (record.key !== null) headers['kafka.key'] = record.key.toString();
    this.headers = headers;
    this.hasDuplicates = hasDuplicates;
    this.bytes = record.value ?? new Uint8Array();
  }

  get text(): string {
    this.#text ??= Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength).toString();
    return this.#text;
  }
}

function recordHeaders(given: IHeaders): { headers: Record<string, string>; hasDuplicates: boolean } {
  const headers: Record<string, string> = Object.create(null);
  let hasDuplicates = false;
  for (const [name, value] of Object.entries(given)) {
    hasDuplicates ||= Array.isArray(value);
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) headers[name] = last.toString();
  }
  return { headers, hasDuplicates };
}

/** Whether a record with the headers `creation-time` and `ttl` (ms) has outlived itself (`.../kafka/KafkaRecordFilter`). */
export function isExpired(headers: Readonly<Record<string, string>>, nowMs: number): boolean {
  const created = longOf(headers['creation-time']);
  const ttl = longOf(headers['ttl']);
  return created !== undefined && ttl !== undefined && nowMs - created >= ttl;
}

function longOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?\d{1,19}$/.test(text) ? Number(text) : undefined;
}

export function outboundHeaders(
  headers: Readonly<Record<string, string>>,
  connectionId: string,
): Record<string, string> {
  return { ...headers, 'ditto-connection-id': connectionId };
}

export function outboundValue({ text, bytes }: ExternalMessage): Buffer {
  if (text !== undefined) return Buffer.from(text);
  return bytes === undefined
    ? Buffer.alloc(0)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
