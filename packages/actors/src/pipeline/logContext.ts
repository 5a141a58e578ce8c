import {
  type ExternalMessage,
  headerValue,
  isJsonObject,
  type JsonObject,
  type Signal,
  signalJson,
  stringifyJson,
} from '@hawser/core';

/** The signal, message or headers that a log entry speaks about. */
export type LogSubject =
  | Signal
  | ExternalMessage
  | { readonly headers: Readonly<Record<string, string>> }
  | undefined;

/** Whom an entry belongs to. */
export interface LogIdentity {
  readonly correlationId: string | undefined;
  readonly entityType: string | undefined;
  readonly entityId: string | undefined;
}

/** Header names whose values are shown as `***`: who may read a log need not know how a device signs in. */
const secretNames = /authorization|cookie|token|secret|password|passphrase|credential|api[-_]?key/i;

const isSignal = (subject: LogSubject): subject is Signal => subject !== undefined && 'kind' in subject;

export function identityOf(subject: LogSubject): LogIdentity {
  const signal = isSignal(subject) ? subject : undefined;
  const entityId = signal?.entityId;
  return {
    correlationId: subject === undefined ? undefined : headerValue(subject.headers, 'correlation-id'),
    entityType: entityId === undefined ? undefined : signal?.entityType,
    entityId,
  };
}

/**
 * Headers and payload as they follow the text of an entry; the message's header `connectivity-debug-log` decides what is
 * shown (connectivity/service/.../monitoring/logs/ConnectionLogger.java).
 */
export function contextText(subject: LogSubject): string {
  if (subject === undefined) return '';
  const wanted = headerValue(subject.headers, 'connectivity-debug-log') ?? 'ALL';
  const entries = Object.entries(masked(subject.headers));
  const headers =
    wanted === 'ALL' || wanted === 'HEADER'
      ? ` - Message headers: [${entries.map(([name, value]) => `${name}=${value}`).join(', ')}]`
      : ` - Message header keys: [${entries.map(([name]) => name).join(', ')}]`;
  if (wanted !== 'ALL' && wanted !== 'PAYLOAD') return headers;
  return `${headers} - Message payload: ${payloadText(subject)}`;
}

function payloadText(subject: Exclude<LogSubject, undefined>): string {
  if (isSignal(subject)) return signalText(subject);
  if ('text' in subject && subject.text !== undefined)
    return subject.text === '' ? '<empty-text-payload>' : subject.text;
  if ('bytes' in subject && subject.bytes !== undefined) {
    return subject.bytes.length === 0
      ? '<empty-byte-payload>'
      : Buffer.from(subject.bytes).toString('base64');
  }
  return 'null';
}

/** A log must not fail because of what it speaks about. */
function signalText(signal: Signal): string {
  try {
    return stringifyJson(withMaskedHeaders(signalJson(signal)));
  } catch {
    return 'null';
  }
}

/** The JSON of a message holds the headers of the message. */
function withMaskedHeaders(json: JsonObject): JsonObject {
  const { message } = json;
  if (!isJsonObject(message) || !isJsonObject(message['headers'])) return json;
  return { ...json, message: { ...message, headers: masked(message['headers']) } };
}

function masked<V>(headers: Readonly<Record<string, V>>): Record<string, V | string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, secretNames.test(name) ? '***' : value]));
}
