import type { Signal } from '../protocol/signal.ts';

/** What is known of a thing or a policy beside its JSON. */
export interface TwinState {
  readonly lifecycle: 'absent' | 'active' | 'deleted';
  /** Of the last event; goes on after a delete. */
  readonly revision: number;
  /** ISO-8601 instants. */
  readonly created: string | undefined;
  readonly modified: string | undefined;
}

export const absent: TwinState = Object.freeze({
  lifecycle: 'absent',
  revision: 0,
  created: undefined,
  modified: undefined,
});

/** What an event did to its path, by the end of its type. */
const CHANGE = /(Created|Modified|Deleted|Merged)$/;

/** Undefined for an event that is not known. */
export const changeOf = ({ type }: Signal): string | undefined => CHANGE.exec(type)?.[1];

/** The state after an event, as far as every event changes it: counted, and modified when it says. */
export function counted<T extends TwinState>(state: T, { adaptable: { revision, timestamp } }: Signal): T {
  return {
    ...state,
    revision: revision === undefined ? state.revision + 1 : Number(revision),
    modified: timestamp ?? state.modified,
  };
}
