import {
  type Clock,
  type EncryptionConfig,
  type JournalEntry,
  type JsonObject,
  type MigrationCounts,
  type MigrationProgress,
  migrateSecrets,
  type RecordPosition,
  type Snapshot,
  type StoreUpkeep,
} from '@hawser/core';
import { eventFields, stateFields } from './storedSecrets.ts';

/** `ditto.connectivity.connection.encryption.migration`. */
export interface MigrationPace {
  /** Documents between two notes of the progress. */
  readonly batchSize: number;
  /** 0: as fast as the store takes them. */
  readonly maxDocumentsPerMinute: number;
}

/** Where a run is, as it is noted in the store. */
export interface RunState extends Omit<MigrationProgress, 'isActive'> {
  readonly snapshotPosition: RecordPosition | undefined;
  readonly journalPosition: RecordPosition | undefined;
}

const NOTE = 'encryptionMigration';
const noCounts: MigrationCounts = { processed: 0, skipped: 0, failed: 0 };

export const newRun = (dryRun: boolean, startedAt: string): RunState => ({
  phase: 'snapshots',
  isAborted: false,
  dryRun,
  snapshots: noCounts,
  journalEvents: noCounts,
  lastSnapshot: undefined,
  lastJournal: undefined,
  snapshotPosition: undefined,
  journalPosition: undefined,
  startedAt,
  updatedAt: startedAt,
});

export async function readRun(upkeep: StoreUpkeep): Promise<RunState | undefined> {
  const note = await upkeep.readMeta(NOTE);
  return note === undefined ? undefined : (note as unknown as RunState);
}

export async function noteRun(upkeep: StoreUpkeep, state: RunState): Promise<void> {
  await upkeep.writeMeta(NOTE, state as unknown as JsonObject);
}

interface RunParts {
  readonly upkeep: StoreUpkeep;
  readonly config: EncryptionConfig;
  readonly pace: MigrationPace;
  readonly clock: Clock;
  /** Asked between batches. */
  isAborted(): boolean;
  /** Told of every step that is noted. */
  moved(state: RunState): void;
}

/** Brings all records into the wanted form, snapshots first; goes on where the state stands. Each record is written whole or not. */
export async function runMigration(parts: RunParts, from: RunState): Promise<void> {
  const run = new Run(parts, from);
  if (from.phase === 'snapshots') {
    const after = from.snapshotPosition;
    const records = parts.upkeep.snapshots({
      ...(after && { after }),
      onDamaged: () => run.failed('snapshots'),
    });
    if (!(await run.walk('snapshots', records))) return;
    await run.enter('journal');
  }
  const after = from.journalPosition;
  const records = parts.upkeep.entries({
    ...(after && { after }),
    onDamaged: () => run.failed('journalEvents'),
  });
  if (await run.walk('journalEvents', records)) await run.enter('completed');
}

type Stage = 'snapshots' | 'journalEvents';

class Run {
  readonly #parts: RunParts;
  #state: RunState;

  constructor(parts: RunParts, state: RunState) {
    this.#parts = parts;
    this.#state = state;
  }

  failed(stage: Stage): void {
    this.#count(stage, 'failed');
  }

  async enter(phase: MigrationProgress['phase']): Promise<void> {
    await this.#note({ phase });
  }

  /** @returns false when the run was aborted */
  async walk(stage: Stage, records: AsyncIterable<JournalEntry | Snapshot>): Promise<boolean> {
    let inBatch = 0;
    for await (const record of records) {
      if (this.#parts.isAborted()) return false;
      this.#count(stage, await this.#migrate(record));
      this.#pass(stage, record);
      if (++inBatch < this.#parts.pace.batchSize) continue;
      await this.#note({});
      await this.#pause(inBatch);
      inBatch = 0;
    }
    await this.#note({});
    return !this.#parts.isAborted();
  }

  async #migrate(record: JournalEntry | Snapshot): Promise<keyof MigrationCounts> {
    const { config, upkeep } = this.#parts;
    const isEntry = 'event' in record;
    const fields = isEntry ? eventFields(config) : stateFields(config);
    const result = migrateSecrets(isEntry ? record.event : record.state, fields, config);
    if (result.outcome !== 'processed' || this.#state.dryRun) return result.outcome;
    if (isEntry) await upkeep.replaceEntry({ ...record, event: result.json });
    else await upkeep.replaceSnapshot({ ...record, state: result.json });
    return 'processed';
  }

  #count(stage: Stage, outcome: keyof MigrationCounts): void {
    const counts = this.#state[stage];
    this.#state = { ...this.#state, [stage]: { ...counts, [outcome]: counts[outcome] + 1 } };
  }

  #pass(stage: Stage, { pid, sn }: RecordPosition): void {
    const [last, position] =
      stage === 'snapshots' ? ['lastSnapshot', 'snapshotPosition'] : ['lastJournal', 'journalPosition'];
    this.#state = { ...this.#state, [last]: { id: `${pid}:${sn}`, pid }, [position]: { pid, sn } };
  }

  async #note(change: Partial<RunState>): Promise<void> {
    const { clock, upkeep, moved } = this.#parts;
    this.#state = { ...this.#state, ...change, updatedAt: new Date(clock.now()).toISOString() };
    if (!this.#parts.isAborted()) moved(this.#state);
    if (!this.#state.dryRun && !this.#parts.isAborted()) await noteRun(upkeep, this.#state);
  }

  async #pause(documents: number): Promise<void> {
    const { pace, clock } = this.#parts;
    if (pace.maxDocumentsPerMinute <= 0) return;
    const delayMs = (documents * 60_000) / pace.maxDocumentsPerMinute;
    await new Promise<void>((resolve) => clock.after(delayMs, resolve));
  }
}
