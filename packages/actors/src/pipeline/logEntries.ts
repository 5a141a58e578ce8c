import type { JsonObject } from '@hawser/core';
import type { LogCall, LogCategory } from './logRing.ts';

const categories: readonly string[] = ['source', 'target', 'response'];

/** A log call from the JSON of an entry that somebody adds. */
export function callOfEntry(entry: JsonObject, nowMs: number): LogCall {
  const text = (name: string): string | undefined => {
    const value = entry[name];
    return typeof value === 'string' ? value : undefined;
  };
  const category = text('category') ?? '';
  return {
    kind: {
      category: categories.includes(category) ? (category as LogCategory) : 'connection',
      type: text('type') ?? 'other',
      level: text('level') === 'failure' ? 'failure' : 'success',
      address: text('address'),
    },
    message: text('message') ?? '',
    identity: {
      correlationId: text('correlationId'),
      entityType: text('entityType'),
      entityId: text('entityId'),
    },
    subject: undefined,
    atMs: Date.parse(text('timestamp') ?? '') || nowMs,
  };
}
