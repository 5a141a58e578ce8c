import type { Connection } from '../model/connection.ts';

/**
 * What the journal of one connection says. `revision` is the number of its newest event, also of empty ones;
 * the connection's own revision is that of the last create or modify.
 */
export type ConnectionState =
  | {
      readonly lifecycle: 'absent';
      readonly revision: number;
      /** A connection under test: applied, never stored. */
      readonly tested?: Connection | undefined;
    }
  | { readonly lifecycle: 'active'; readonly revision: number; readonly connection: Connection }
  | {
      /** Deleted while its events are still known; a deleted snapshot is read back as `absent`. */
      readonly lifecycle: 'deleted';
      readonly revision: number;
      readonly connection: Connection;
    };

/** The state before the first event, or after all events were removed. */
export const absentAt = (revision: number): ConnectionState => ({ lifecycle: 'absent', revision });

/** Whether clients should run: what keeps the actor alive and what recovery restores. */
export const isDesiredOpen = (state: ConnectionState): boolean =>
  state.lifecycle === 'active' && state.connection.connectionStatus === 'open';
