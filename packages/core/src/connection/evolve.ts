import type { ConnectivityStatus } from '../model/connection.ts';
import type { RecordedEvent } from './recordedEvent.ts';
import type { ConnectionState } from './state.ts';

/** What an event means. Never throws and never validates: history has already happened. */
export function evolve(state: ConnectionState, event: RecordedEvent): ConnectionState {
  const { revision } = event;
  switch (event.type) {
    case 'connectivity.events:connectionCreated':
    case 'connectivity.events:connectionModified':
      return { lifecycle: 'active', revision, connection: { ...event.connection, lifecycle: 'ACTIVE' } };
    case 'connectivity.events:connectionOpened':
      return withStatus(state, 'open', revision);
    case 'connectivity.events:connectionClosed':
      return withStatus(state, 'closed', revision);
    case 'connectivity.events:connectionDeleted':
      if (state.lifecycle === 'absent') return { lifecycle: 'absent', revision };
      return {
        lifecycle: 'deleted',
        revision,
        connection: { ...state.connection, lifecycle: 'DELETED', modified: event.timestamp },
      };
    case 'persistence-actor-internal:empty-event':
      return { ...state, revision };
  }
}

/** Touches neither the revision nor the time of the stored connection. */
function withStatus(
  state: ConnectionState,
  connectionStatus: ConnectivityStatus,
  revision: number,
): ConnectionState {
  if (state.lifecycle === 'absent') return { ...state, revision };
  return { ...state, revision, connection: { ...state.connection, connectionStatus } };
}
