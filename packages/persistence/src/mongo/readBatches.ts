import type { Db, FindCursor } from 'mongodb';
import type { BreakerName, MongoAccess } from './mongoConnection.ts';

/** Documents per round trip: bounds memory together with the server's own 16 MiB per answer. */
export const READ_BATCH = 100;

/** The documents of a query as they arrive; each round trip is a call of its own to the breaker. */
export async function* readBatches<T>(
  access: MongoAccess,
  breaker: BreakerName,
  find: (db: Db) => FindCursor<T>,
): AsyncIterable<readonly T[]> {
  let cursor: FindCursor<T> | undefined;
  try {
    for (;;) {
      const batch = await access.use(breaker, async (db) => {
        cursor ??= find(db).batchSize(READ_BATCH);
        return (await cursor.hasNext()) ? cursor.readBufferedDocuments() : [];
      });
      if (batch.length === 0) return;
      yield batch;
    }
  } finally {
    await cursor?.close().catch(() => {});
  }
}
