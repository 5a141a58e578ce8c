import { type LogCall, type LogRecord, publishedRecord } from '@hawser/actors';
import type { FluentdForwarder } from './fluentdForwarder.ts';

export interface LogPublisherOptions {
  readonly forwarder: FluentdForwarder;
  /** Empty: `connection:<id>`. */
  readonly tag: string;
  readonly levels: readonly string[];
  readonly withContext: boolean;
  readonly instanceId: string;
  /** Members of every record, over equal ones of its own. */
  readonly additional: Readonly<Record<string, unknown>>;
}

/** Bytes of a record beside its texts, about. */
const recordOverhead = 200;

/** Gives log calls of all connections to Fluentd (connectivity/.../monitoring/logs/FluentPublishingConnectionLogger.java). */
export function createLogPublisher(
  options: LogPublisherOptions,
): (connectionId: string, call: LogCall) => void {
  const { forwarder, levels, withContext } = options;
  const tagOf = (connectionId: string): string => {
    if (options.tag !== '') return options.tag;
    return `connection:${connectionId}`;
  };
  return (connectionId, call) => {
    if (!levels.includes(call.kind.level)) return;
    const record = publishedRecord(call, withContext);
    const fields = fluentdRecord(connectionId, record, options);
    const bytes =
      recordOverhead + record.message.length + connectionId.length + (record.address?.length ?? 0);
    forwarder.add(tagOf(connectionId), { atMs: record.atMs, record: fields }, bytes);
  };
}

/** Keys in Ditto's order. */
export function fluentdRecord(
  connectionId: string,
  record: LogRecord,
  { instanceId, additional }: Pick<LogPublisherOptions, 'instanceId' | 'additional'>,
): Readonly<Record<string, unknown>> {
  const { level, category, type, correlationId, address, entityType, entityId, message } = record;
  return {
    connectionId,
    level,
    category,
    type,
    ...(correlationId === undefined || correlationId === '<not-provided>' ? {} : { correlationId }),
    ...(address === undefined ? {} : { address }),
    ...(entityType === undefined || entityId === undefined ? {} : { entityType, entityId }),
    message,
    instanceId,
    ...additional,
  };
}
