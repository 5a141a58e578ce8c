import type { JsonObject } from '../json/jsonValue.ts';

/* Answers of `/user/connectivityRoot/encryptionMigration` (connectivity/service/.../migration/Migrate*Response.java). */

export type MigrationPhase = 'snapshots' | 'journal' | 'completed';

export interface MigrationCounts {
  readonly processed: number;
  readonly skipped: number;
  readonly failed: number;
}

/** How far a migration is; instants are ISO-8601. */
export interface MigrationProgress {
  readonly phase: MigrationPhase;
  readonly isActive: boolean;
  readonly isAborted: boolean;
  readonly dryRun: boolean;
  readonly snapshots: MigrationCounts;
  readonly journalEvents: MigrationCounts;
  readonly lastSnapshot: { readonly id: string; readonly pid: string } | undefined;
  readonly lastJournal: { readonly id: string; readonly pid: string } | undefined;
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** The three refusals of the migration are plain failures: they are answered as `ask.error` with this text. */
export const migrationRefusals = {
  alreadyRunning:
    'Migration already in progress. Use migrateEncryptionStatus to check progress or migrateEncryptionAbort to cancel.',
  notRunning: 'No migration is currently running.',
  noKeys: 'Encryption is not enabled and no old key configured. Cannot migrate without encryption keys.',
} as const;

export const migrationStarted = (dryRun: boolean, resumed: boolean, startedAt: string): JsonObject => ({
  type: 'connectivity.responses:migrateEncryption',
  status: 202,
  phase: 'started',
  dryRun,
  resumed,
  startedAt,
});

/** To resume was asked for, but nothing is left to do. */
export const migrationCompletedAlready = (dryRun: boolean, startedAt: string): JsonObject => ({
  type: 'connectivity.responses:migrateEncryption',
  status: 200,
  phase: 'already_completed',
  dryRun,
  resumed: true,
  startedAt,
});

export const migrationStatus = (progress: MigrationProgress): JsonObject => {
  const { lastSnapshot, lastJournal, startedAt, updatedAt } = progress;
  return {
    type: 'connectivity.responses:migrateEncryptionStatus',
    status: 200,
    phase: phaseText(progress),
    ...countsToJson(progress),
    ...(lastSnapshot === undefined && lastJournal === undefined
      ? {}
      : {
          progress: {
            lastProcessedSnapshotId: lastSnapshot?.id,
            lastProcessedSnapshotPid: lastSnapshot?.pid,
            lastProcessedJournalId: lastJournal?.id,
            lastProcessedJournalPid: lastJournal?.pid,
          },
        }),
    timing: { startedAt, updatedAt },
    dryRun: progress.dryRun,
    migrationActive: progress.isActive,
  };
};

export const migrationAborted = (progress: MigrationProgress, abortedAt: string): JsonObject => ({
  type: 'connectivity.responses:migrateEncryptionAbort',
  status: 200,
  phase: `aborted:${progress.phase}`,
  ...countsToJson(progress),
  abortedAt,
});

function phaseText({ phase, isActive, isAborted }: MigrationProgress): string {
  if (isAborted) return `aborted:${phase}`;
  return isActive && phase !== 'completed' ? `in_progress:${phase}` : phase;
}

const countsToJson = ({ snapshots, journalEvents }: MigrationProgress): JsonObject => ({
  snapshots: { ...snapshots },
  journalEvents: { ...journalEvents },
});
