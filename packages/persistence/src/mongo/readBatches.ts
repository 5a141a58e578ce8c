import type { Db, FindCursor } from 'mongodb';
import type { BreakerName, MongoAccess } from './mongoConnection.ts';

/** Documents per round trip where each is small: summaries without a payload. */
export const SUMMARY_BATCH = 100;
/** Documents with payload per round trip. One may hold a whole command's events, and not every server bounds its answers by bytes. */
export const PAYLOAD_BATCH = 8;

/** The documents of a query as they arrive; each round trip is a call of its own to the breaker. */
export async function* readBatches<T>(
  access: MongoAccess,
  breaker: BreakerName,
  find: (db: Db) => FindCursor<T>,
  size: number,
): AsyncIterable<readonly T[]> {
  let cursor: FindCursor<T> | undefined;
  try {
    for (;;) {
      const batch = await access.use(breaker, async (db) => {
        cursor ??= find(db).batchSize(size);
        return (await cursor.hasNext()) ? cursor.readBufferedDocuments() : [];
      });
      if (batch.length === 0) return;
      yield batch;
    }
  } finally {
    await cursor?.close().catch(() => {});
  }
}
