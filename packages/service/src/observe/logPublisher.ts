import {
  type LogCall,
  type LogIdentity,
  publishedIdentity,
  publishedText,
  type SampledTiming,
} from '@hawser/actors';
import type { EntryEncoder } from './entryChunks.ts';
import type { FluentdForwarder } from './fluentdForwarder.ts';
import { MessagePackWriter } from './messagePack.ts';

export interface LogPublisherOptions {
  readonly forwarder: Pick<FluentdForwarder, 'add'>;
  /** Empty: `connection:<id>`. */
  readonly tag: string;
  /** Notes the time that entries take. */
  readonly prepared: SampledTiming;
  readonly levels: readonly string[];
  readonly withContext: boolean;
  readonly instanceId: string;
  /** Members of every record, over equal ones of its own. */
  readonly additional: Readonly<Record<string, unknown>>;
}

/** What is equal for all entries of a logger, written once. */
interface LoggerParts {
  readonly tag: string;
  readonly isWanted: boolean;
  readonly head: Pairs;
  readonly address: Pairs;
  /** The text that came last, and what follows the entity with it: nearly always it is the same again. */
  last: { readonly message: string; readonly tail: Uint8Array } | undefined;
}

/** Members of a map in MessagePack. */
interface Pairs {
  readonly bytes: Uint8Array;
  readonly size: number;
}

interface Entry {
  readonly call: LogCall;
  readonly parts: LoggerParts;
}

/** Gives log calls of all connections to Fluentd (connectivity/.../monitoring/logs/FluentPublishingConnectionLogger.java). */
export function createLogPublisher(
  options: LogPublisherOptions,
): (connectionId: string, call: LogCall) => void {
  const { forwarder, prepared, levels, tag } = options;
  const encode = entryEncoder(options);
  // a logger's kind is one object for as long as its connection is there
  const known = new WeakMap<LogCall['kind'], LoggerParts>();
  const partsOf = (connectionId: string, kind: LogCall['kind']): LoggerParts => {
    const { level, category, type, address } = kind;
    const parts: LoggerParts = {
      tag: tag === '' ? `connection:${connectionId}` : tag,
      isWanted: levels.includes(level),
      head: ownPairs(options, { connectionId, level, category, type }),
      address: ownPairs(options, { address }),
      last: undefined,
    };
    known.set(kind, parts);
    return parts;
  };
  return (connectionId, call) => {
    const parts = known.get(call.kind) ?? partsOf(connectionId, call.kind);
    if (!parts.isWanted) return;
    const startedAt = prepared.begin();
    forwarder.add(parts.tag, encode, { call, parts });
    prepared.end(startedAt);
  };
}

/** An entry of the forward protocol, its keys in Ditto's order. */
function entryEncoder(options: LogPublisherOptions): EntryEncoder<Entry> {
  const { additional, instanceId, withContext } = options;
  const [hasCorrelationId, hasType, hasEntityId] = ['correlationId', 'entityType', 'entityId'].map(
    (key) => !Object.hasOwn(additional, key),
  );
  const end = ownPairs(options, { instanceId });
  const more = pairsOf(additional);
  const tailSize = +!Object.hasOwn(additional, 'message') + end.size + more.size;
  const tailOf = (message: string): Uint8Array =>
    Buffer.concat([ownPairs(options, { message }).bytes, end.bytes, more.bytes]);
  const identityOf = rememberLast();
  return (writer, { call, parts }) => {
    const { correlationId, entityType, entityId } = identityOf(call);
    const hasEntity = entityType !== undefined && entityId !== undefined;
    const isCorrelated =
      hasCorrelationId && correlationId !== undefined && correlationId !== '<not-provided>';
    const isTyped = hasType && hasEntity;
    const isIdentified = hasEntityId && hasEntity;
    writer.arrayHeader(2);
    writer.eventTime(call.atMs);
    writer.mapHeader(
      parts.head.size + +!!isCorrelated + parts.address.size + +!!isTyped + +!!isIdentified + tailSize,
    );
    writer.raw(parts.head.bytes);
    if (isCorrelated) pair(writer, 'correlationId', correlationId);
    writer.raw(parts.address.bytes);
    if (isTyped) pair(writer, 'entityType', entityType);
    if (isIdentified) pair(writer, 'entityId', entityId);
    if (withContext || call.identity !== undefined) writer.raw(tailOf(publishedText(call, withContext)));
    else {
      if (parts.last?.message !== call.message)
        parts.last = { message: call.message, tail: tailOf(publishedText(call, false)) };
      writer.raw(parts.last.tail);
    }
  };
}

/** The entries of a message follow one another: whom they belong to is looked for once. */
function rememberLast(): (call: LogCall) => LogIdentity {
  let last: { readonly subject: LogCall['subject']; readonly identity: LogIdentity } | undefined;
  return (call) => {
    if (call.identity !== undefined) return call.identity;
    if (last === undefined || last.subject !== call.subject)
      last = { subject: call.subject, identity: publishedIdentity(call) };
    return last.identity;
  };
}

/** Without what is absent, and what an additional member stands in for. */
function ownPairs({ additional }: LogPublisherOptions, members: Readonly<Record<string, unknown>>): Pairs {
  const own = Object.entries(members).filter(
    ([key, value]) => value !== undefined && !Object.hasOwn(additional, key),
  );
  return pairsOf(Object.fromEntries(own));
}

function pairsOf(members: Readonly<Record<string, unknown>>): Pairs {
  const writer = new MessagePackWriter();
  for (const [key, value] of Object.entries(members)) {
    writer.text(key);
    writer.value(value);
  }
  return { bytes: writer.take(), size: Object.keys(members).length };
}

function pair(writer: MessagePackWriter, key: string, text: string): void {
  writer.text(key);
  writer.text(text);
}
