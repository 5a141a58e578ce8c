import {
  type LogCall,
  type LogKind,
  type LogPublish,
  publishedIdentity,
  publishedText,
  type SampledTiming,
} from '@hawser/actors';
import type { EntryEncoder } from './entryChunks.ts';
import { EntryTemplate, LastIds, type Shown } from './entryTemplate.ts';
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
  readonly head: Pairs;
  readonly address: Pairs;
  /** The text that came last, and what follows the entity with it: nearly always it is the same again. */
  last: { readonly message: string; readonly tail: Uint8Array } | undefined;
  readonly template: EntryTemplate;
}

/** Members of a map in MessagePack. */
interface Pairs {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** Gives log entries of all connections to Fluentd (connectivity/.../monitoring/logs/FluentPublishingConnectionLogger.java). */
export function createLogPublisher(
  options: LogPublisherOptions,
): (connectionId: string, kind: LogKind) => LogPublish | undefined {
  const { forwarder, prepared, levels, tag } = options;
  const encode = entryEncoder(options);
  const ids = new LastIds();
  return (connectionId, { level, category, type, address }) => {
    if (!levels.includes(level)) return undefined;
    const parts: LoggerParts = {
      head: ownPairs(options, { connectionId, level, category, type }),
      address: ownPairs(options, { address }),
      last: undefined,
      template: new EntryTemplate(ids),
    };
    const ownTag = tag === '' ? `connection:${connectionId}` : tag;
    const encodeOwn: EntryEncoder<LogCall> = (writer, call) => encode(writer, call, parts);
    return (call) => {
      const startedAt = prepared.begin();
      forwarder.add(ownTag, encodeOwn, call);
      prepared.end(startedAt);
    };
  };
}

/** An entry of the forward protocol, its keys in Ditto's order. */
function entryEncoder(
  options: LogPublisherOptions,
): (writer: MessagePackWriter, call: LogCall, parts: LoggerParts) => void {
  const { additional, instanceId, withContext } = options;
  const [hasCorrelationId, hasType, hasEntityId] = ['correlationId', 'entityType', 'entityId'].map(
    (key) => !Object.hasOwn(additional, key),
  );
  const end = ownPairs(options, { instanceId });
  const more = pairsOf(additional);
  const tailSize = +!Object.hasOwn(additional, 'message') + end.size + more.size;
  const tailOf = (message: string): Uint8Array =>
    Buffer.concat([ownPairs(options, { message }).bytes, end.bytes, more.bytes]);
  const shownOf = rememberLast((call: LogCall): Shown => {
    const identity = publishedIdentity(call);
    const { correlationId, entityType, entityId } = identity;
    const hasEntity = entityType !== undefined && entityId !== undefined;
    const isProvided = correlationId !== '<not-provided>';
    if (isProvided && hasEntity && hasCorrelationId && hasType && hasEntityId) return identity;
    return {
      correlationId: hasCorrelationId && isProvided ? correlationId : undefined,
      entityType: hasType && hasEntity ? entityType : undefined,
      entityId: hasEntityId && hasEntity ? entityId : undefined,
    };
  });
  return (writer, call, parts) => {
    const { template } = parts;
    const shown = shownOf(call);
    const isPlain = !withContext && call.identity === undefined;
    if (isPlain && template.repeat(writer, call, shown, TIME_AT)) return;
    const { correlationId, entityType, entityId } = shown;
    const start = writer.length;
    writer.arrayHeader(2);
    writer.eventTime(call.atMs);
    const ids = +(correlationId !== undefined) + +(entityType !== undefined) + +(entityId !== undefined);
    writer.mapHeader(parts.head.size + parts.address.size + ids + tailSize);
    writer.raw(parts.head.bytes);
    const isShort = pair(writer, 'correlationId', correlationId);
    const correlationIdEnd = writer.length;
    writer.raw(parts.address.bytes);
    pair(writer, 'entityType', entityType);
    const isAllShort = pair(writer, 'entityId', entityId) && isShort;
    const ends = { correlationId: correlationIdEnd, entityId: writer.length };
    writer.raw(isPlain ? tailOfLast(parts, call) : tailOf(publishedText(call, withContext)));
    if (isPlain && isAllShort) template.remember(writer, start, call.message, shown, ends);
    else template.forget();
  };

  function tailOfLast(parts: LoggerParts, call: LogCall): Uint8Array {
    if (parts.last?.message !== call.message)
      parts.last = { message: call.message, tail: tailOf(publishedText(call, false)) };
    return parts.last.tail;
  }
}

const NOBODY: Shown = { correlationId: undefined, entityType: undefined, entityId: undefined };

/** Of the time in an entry: after the header of an array of two. */
const TIME_AT = 1;

/** The entries of a message follow one another: whom they belong to is looked for once. */
function rememberLast(shownOf: (call: LogCall) => Shown): (call: LogCall) => Shown {
  let last: { readonly subject: LogCall['subject']; readonly shown: Shown } | undefined;
  return (call) => {
    if (call.identity !== undefined) return shownOf(call);
    if (call.subject === undefined) return NOBODY;
    if (last === undefined || last.subject !== call.subject)
      last = { subject: call.subject, shown: shownOf(call) };
    return last.shown;
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

/** A member unless it is absent. @returns whether all that was written of its text is short ASCII */
function pair(writer: MessagePackWriter, key: string, text: string | undefined): boolean {
  if (text === undefined) return true;
  writer.text(key);
  return writer.text(text);
}
