import {
  type AskedCommand,
  type ConnectionState,
  type JournalEntry,
  type JsonObject,
  markRepeatable,
  payloadOf,
  type RecordedEvent,
  repeatableBy,
  type Snapshot,
} from '@hawser/core';
import type { JournalCodec } from '../nact/behavior.ts';
import { connectionCodec } from './connectionCodec.ts';

export interface RecordingConfig {
  readonly historicalHeaders: readonly string[];
  readonly idempotentCommands: boolean;
}

/** Who has to know which snapshot was read. */
export interface SnapshotReader {
  recovered(sn: number): void;
}

/** Writes with an event what is kept of the command behind it: headers, and the id by which it is recognised. */
export class RecordingCodec implements JournalCodec<ConnectionState, RecordedEvent> {
  /** The command that the next event comes from; none for what a connection does by itself. */
  asked: AskedCommand | undefined;
  readonly #config: RecordingConfig;
  readonly #snapshots: SnapshotReader;

  constructor(config: RecordingConfig, snapshots: SnapshotReader) {
    this.#config = config;
    this.#snapshots = snapshots;
  }

  encode(event: RecordedEvent): { readonly type: string; readonly event: JsonObject } {
    const { asked } = this;
    const { historicalHeaders, idempotentCommands } = this.#config;
    const kept = historicalHeaders.flatMap((name) => {
      const value = asked?.headers[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const payload = payloadOf(event, kept.length === 0 ? undefined : Object.fromEntries(kept));
    if (asked === undefined) return { type: event.type, event: payload };
    const id = repeatableBy(asked, idempotentCommands);
    return { type: event.type, event: id === undefined ? payload : markRepeatable(payload, asked, id) };
  }

  decode(entry: JournalEntry): RecordedEvent {
    return connectionCodec.decode(entry);
  }

  decodeSnapshot(snapshot: Snapshot): ConnectionState {
    this.#snapshots.recovered(snapshot.sn);
    return connectionCodec.decodeSnapshot(snapshot);
  }
  /** Cleanup may remove a deleted connection wholly, while it is created again. */
  isBeginning(event: RecordedEvent): boolean {
    return event.type === 'connectivity.events:connectionCreated';
  }
}
