import type { JournalEntry, JsonObject } from '@hawser/core';

/** What the model knows of one connection: the meaning of its journal, in a few lines of its own. */
export type ModelState =
  | { readonly lifecycle: 'absent'; readonly sn: number }
  | {
      readonly lifecycle: 'active';
      readonly sn: number;
      readonly name: string;
      readonly status: string;
      readonly clients: number;
    };

export const foldJournal = (entries: readonly JournalEntry[]): ModelState =>
  entries.reduce<ModelState>(fold, { lifecycle: 'absent', sn: 0 });

function fold(state: ModelState, { type, sn, event }: JournalEntry): ModelState {
  switch (type) {
    case 'connectivity.events:connectionCreated':
    case 'connectivity.events:connectionModified': {
      const connection = event['connection'] as JsonObject;
      const { name, connectionStatus, clientCount = 1 } = connection;
      return {
        lifecycle: 'active',
        sn,
        name: String(name),
        status: String(connectionStatus),
        clients: Number(clientCount),
      };
    }
    case 'connectivity.events:connectionOpened':
      return state.lifecycle === 'active' ? { ...state, sn, status: 'open' } : { ...state, sn };
    case 'connectivity.events:connectionClosed':
      return state.lifecycle === 'active' ? { ...state, sn, status: 'closed' } : { ...state, sn };
    case 'connectivity.events:connectionDeleted':
      return { lifecycle: 'absent', sn };
    default:
      return { ...state, sn };
  }
}

/** Whether its clients should be there. */
export const wantsClients = (state: ModelState): boolean =>
  state.lifecycle === 'active' && state.status === 'open';
