import { type LogCall, publishedIdentity, publishedText } from '@hawser/actors';
import type { FluentdForwarder } from './fluentdForwarder.ts';
import { MessagePackWriter } from './messagePack.ts';

export interface LogPublisherOptions {
  readonly forwarder: Pick<FluentdForwarder, 'add'>;
  /** Empty: `connection:<id>`. */
  readonly tag: string;
  readonly levels: readonly string[];
  readonly withContext: boolean;
  readonly instanceId: string;
  /** Members of every record, over equal ones of its own. */
  readonly additional: Readonly<Record<string, unknown>>;
}

/** Gives log calls of all connections to Fluentd (connectivity/.../monitoring/logs/FluentPublishingConnectionLogger.java). */
export function createLogPublisher(
  options: LogPublisherOptions,
): (connectionId: string, call: LogCall) => void {
  const { forwarder, levels, withContext, tag } = options;
  const encode = recordEncoder(options);
  return (connectionId, call) => {
    if (!levels.includes(call.kind.level)) return;
    const entry = encode(connectionId, call, publishedText(call, withContext));
    forwarder.add(tag === '' ? `connection:${connectionId}` : tag, entry);
  };
}

/**
 * An entry of the forward protocol, its keys in Ditto's order. What is equal for all entries of a logger or of the
 * process is written once.
 */
function recordEncoder({
  instanceId,
  additional,
}: LogPublisherOptions): (connectionId: string, call: LogCall, message: string) => Buffer {
  const writer = new MessagePackWriter();
  const isOwn = (key: string): boolean => !Object.hasOwn(additional, key);
  const pairs = (...members: readonly (readonly [string, unknown])[]) => {
    writer.reset();
    const own = members.filter(([key, value]) => value !== undefined && isOwn(key));
    for (const [key, value] of own) {
      writer.text(key);
      writer.value(value);
    }
    return { bytes: writer.take(), size: own.length };
  };
  const constant = pairs(['instanceId', instanceId]);
  writer.reset();
  for (const [key, value] of Object.entries(additional)) {
    writer.text(key);
    writer.value(value);
  }
  const extra = { bytes: writer.take(), size: Object.keys(additional).length };
  // a logger's kind is one object for as long as its connection is there
  const known = new WeakMap<LogCall['kind'], { head: typeof constant; address: typeof constant }>();
  const partsOf = (connectionId: string, kind: LogCall['kind']) => {
    const parts = known.get(kind) ?? {
      head: pairs(
        ['connectionId', connectionId],
        ['level', kind.level],
        ['category', kind.category],
        ['type', kind.type],
      ),
      address: pairs(['address', kind.address]),
    };
    known.set(kind, parts);
    return parts;
  };
  return (connectionId, call, message) => {
    const { head, address } = partsOf(connectionId, call.kind);
    const { correlationId, entityType, entityId } = publishedIdentity(call);
    const hasId = correlationId !== undefined && correlationId !== '<not-provided>' && isOwn('correlationId');
    const hasEntity = entityType !== undefined && entityId !== undefined;
    const hasType = hasEntity && isOwn('entityType');
    const hasEntityId = hasEntity && isOwn('entityId');
    const hasMessage = isOwn('message');
    writer.reset();
    writer.arrayHeader(2);
    writer.eventTime(call.atMs);
    writer.mapHeader(
      head.size + address.size + constant.size + extra.size + +hasId + +hasType + +hasEntityId + +hasMessage,
    );
    writer.raw(head.bytes);
    if (hasId) pair(writer, 'correlationId', correlationId);
    writer.raw(address.bytes);
    if (hasType) pair(writer, 'entityType', entityType);
    if (hasEntityId) pair(writer, 'entityId', entityId);
    if (hasMessage) pair(writer, 'message', message);
    writer.raw(constant.bytes);
    writer.raw(extra.bytes);
    return writer.take();
  };
}

function pair(writer: MessagePackWriter, key: string, text: string): void {
  writer.text(key);
  writer.text(text);
}
