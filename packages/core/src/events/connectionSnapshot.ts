import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { connectionToJson } from '../model/connectionToJson.ts';
import { parseStoredConnection } from '../model/storedConnection.ts';

const DELETED = 'DELETED';

/** The state of a snapshot; nothing is kept of a deleted connection (connectivity/service/.../ConnectionMongoSnapshotAdapter.java). */
export const snapshotOf = (connection: Connection): JsonObject =>
  connection.lifecycle === DELETED
    ? { __lifecycle: DELETED }
    : connectionToJson(connection, { hidden: true });

/** The connection of a snapshot, old forms brought up to date; `undefined` for a deleted one. @throws DittoError */
export function connectionOfSnapshot(state: JsonObject): Connection | undefined {
  if (state['__lifecycle'] === DELETED) return undefined;
  const connection = parseStoredConnection(state);
  return connection.lifecycle === undefined ? { ...connection, lifecycle: 'ACTIVE' } : connection;
}
