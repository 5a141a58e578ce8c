import {
  genericText,
  identityOf,
  type LogCall,
  type LogIdentity,
  type LogKind,
  type LogPublish,
  publishedText,
  type SampledTiming,
} from '@hawser/actors';
import { rememberLast } from '@hawser/core';
import type { EntryEncoder } from './entryChunks.ts';
import { EntryTemplate, LastIds } from './entryTemplate.ts';
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
  const encoderOf = entryEncoders(options);
  return (connectionId, kind) => {
    if (!levels.includes(kind.level)) return undefined;
    const ownTag = tag === '' ? `connection:${connectionId}` : tag;
    const encode = encoderOf(connectionId, kind);
    return (call) => {
      const startedAt = prepared.begin();
      forwarder.add(ownTag, encode, call);
      prepared.end(startedAt);
    };
  };
}

/** Writes the entries of a logger for the forward protocol, their keys in Ditto's order; what is equal for all is made once. */
function entryEncoders(
  options: LogPublisherOptions,
): (connectionId: string, kind: LogKind) => EntryEncoder<LogCall> {
  const { additional, instanceId, withContext } = options;
  const end = ownPairs(options, { instanceId });
  const more = pairsOf(additional);
  const tailSize = +!Object.hasOwn(additional, 'message') + end.size + more.size;
  const tailOf = (message: string): Uint8Array =>
    Buffer.concat([ownPairs(options, { message }).bytes, end.bytes, more.bytes]);
  const shownOf = shownIdentity(additional);
  const ids = new LastIds();

  return (connectionId, kind) => {
    const { level, category, type, address } = kind;
    const head = ownPairs(options, { connectionId, level, category, type });
    const place = ownPairs(options, { address });
    const template = new EntryTemplate(TIME_AT, ids);
    // a logger nearly always says the same again
    const plainTail = rememberLast((message: string) => tailOf(genericText(category, type, message)));
    return (writer, call) => {
      const shown = shownOf(call);
      const isPlain = !withContext && call.identity === undefined;
      if (isPlain && template.repeat(writer, call, shown)) return;
      const { correlationId, entityType, entityId } = shown;
      const start = writer.length;
      writer.arrayHeader(2);
      writer.eventTime(call.atMs);
      const shownSize =
        +(correlationId !== undefined) + +(entityType !== undefined) + +(entityId !== undefined);
      writer.mapHeader(head.size + place.size + shownSize + tailSize);
      writer.raw(head.bytes);
      const isShort = pair(writer, 'correlationId', correlationId);
      const correlationIdEnd = writer.length;
      writer.raw(place.bytes);
      pair(writer, 'entityType', entityType);
      const isAllShort = pair(writer, 'entityId', entityId) && isShort;
      const ends = { correlationId: correlationIdEnd, entityId: writer.length };
      writer.raw(isPlain ? plainTail(call.message) : tailOf(publishedText(call, withContext)));
      if (isPlain && isAllShort) template.remember(writer, start, call, shown, ends);
      else template.forget();
    };
  };
}

/** Of the time in an entry: after the header of an array of two. */
const TIME_AT = 1;

/** Whom an entry says that it belongs to: neither an id that is none, nor what an additional member stands in for. */
function shownIdentity(additional: LogPublisherOptions['additional']): (call: LogCall) => LogIdentity {
  const [hasCorrelationId, hasType, hasEntityId] = ['correlationId', 'entityType', 'entityId'].map(
    (key) => !Object.hasOwn(additional, key),
  );
  const shown = (identity: LogIdentity): LogIdentity => {
    const { correlationId, entityType, entityId } = identity;
    const hasEntity = entityType !== undefined && entityId !== undefined;
    const isProvided = correlationId !== '<not-provided>';
    if (isProvided && hasEntity && hasCorrelationId && hasType && hasEntityId) return identity;
    return {
      correlationId: hasCorrelationId && isProvided ? correlationId : undefined,
      entityType: hasType && hasEntity ? entityType : undefined,
      entityId: hasEntityId && hasEntity ? entityId : undefined,
    };
  };
  // the entries of a message follow one another, those that concern nothing between them
  const shownOfSubject = rememberLast((subject: LogCall['subject']) => shown(identityOf(subject)));
  return ({ identity, subject }) => {
    if (identity !== undefined) return shown(identity);
    return subject === undefined ? NOBODY : shownOfSubject(subject);
  };
}

const NOBODY: LogIdentity = { correlationId: undefined, entityType: undefined, entityId: undefined };

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
