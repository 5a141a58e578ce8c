import {
  connectivityInternalError,
  type DittoHeaders,
  errorResponse,
  type JsonObject,
  retrieveAllConnectionIdsResponse,
  type Store,
  sudoIdsByTagResponse,
} from '@hawser/core';
import { retrieveAllConnectionIds, retrieveConnectionIdsByTag } from './connectionIds.ts';
import type { SingleHandler } from './single.ts';

/** `/user/connectivityRoot/connectionIdsRetrieval` (connectivity/service/.../messaging/ConnectionIdsRetrievalActor.java). */
export const connectionIdsRetrieval =
  (store: Store): SingleHandler =>
  (command, headers) => {
    switch (command.type) {
      case 'connectivity.commands:retrieveAllConnectionIds':
        return answered(headers, () =>
          retrieveAllConnectionIds(store).then(retrieveAllConnectionIdsResponse),
        );
      case 'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag':
        return answered(headers, () =>
          retrieveConnectionIdsByTag(store, command.tag).then(sudoIdsByTagResponse),
        );
      default:
        return undefined;
    }
  };

/** A store that fails is answered by a response, not by an error. */
async function answered(headers: DittoHeaders, ask: () => Promise<JsonObject>) {
  try {
    return { json: await ask(), headers };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const text = `Failed to load connections ids from persistence: ${cause}`;
    return { json: errorResponse(connectivityInternalError(text)), headers };
  }
}
