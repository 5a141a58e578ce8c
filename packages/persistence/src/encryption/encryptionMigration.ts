import {
  askError,
  type Clock,
  type EncryptionConfig,
  type JsonObject,
  type Log,
  migrationAborted,
  migrationCompletedAlready,
  migrationMode,
  migrationRefusals,
  migrationStarted,
  migrationStatus,
  type StoreUpkeep,
} from '@hawser/core';
import { type MigrationPace, newRun, noteRun, type RunState, readRun, runMigration } from './migrationRun.ts';

export interface EncryptionMigrationParts {
  /** Of the store below the decryption. */
  readonly upkeep: StoreUpkeep;
  readonly config: EncryptionConfig;
  readonly pace: MigrationPace;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What `/user/connectivityRoot/encryptionMigration` does (connectivity/service/.../migration/EncryptionMigrationActor.java):
 * encrypts, decrypts or rotates what is stored, in the background, resumable after an end of the process at any point.
 * Refusals are plain failures, which askers see as `ask.error`.
 */
export class EncryptionMigration {
  readonly #parts: EncryptionMigrationParts;
  #state: RunState | undefined;
  #run: { isAborted: boolean } | undefined;

  constructor(parts: EncryptionMigrationParts) {
    this.#parts = parts;
  }

  /** Whether the selection exists at all. */
  static isConfigured({ enabled, oldKey }: EncryptionConfig): boolean {
    return enabled || oldKey !== '';
  }

  /** @throws DittoError `ask.error` */
  async migrate(dryRun: boolean, resume: boolean): Promise<JsonObject> {
    const { config, upkeep } = this.#parts;
    if (this.#run !== undefined) throw askError(migrationRefusals.alreadyRunning);
    if (migrationMode(config) === undefined) throw askError(migrationRefusals.noKeys);
    const run = { isAborted: false };
    this.#run = run;
    try {
      const noted = resume ? await readRun(upkeep) : undefined;
      if (resume && (noted === undefined || noted.phase === 'completed')) {
        this.#run = undefined;
        return migrationCompletedAlready(dryRun, noted?.startedAt ?? this.#now());
      }
      const state =
        noted === undefined ? newRun(dryRun, this.#now()) : { ...noted, dryRun, isAborted: false };
      this.#state = state;
      if (!dryRun) await noteRun(upkeep, state);
      void this.#go(run, state);
      return migrationStarted(dryRun, noted !== undefined, state.startedAt);
    } catch (error) {
      this.#run = undefined;
      throw error;
    }
  }

  async status(): Promise<JsonObject> {
    const state = this.#state ?? (await readRun(this.#parts.upkeep)) ?? newRun(false, this.#now());
    return migrationStatus({ ...state, isActive: this.#run !== undefined });
  }

  /** @throws DittoError `ask.error` when none runs */
  async abort(): Promise<JsonObject> {
    if (this.#run === undefined || this.#state === undefined) throw askError(migrationRefusals.notRunning);
    this.#run.isAborted = true;
    this.#run = undefined;
    this.#state = { ...this.#state, isAborted: true };
    if (!this.#state.dryRun) await noteRun(this.#parts.upkeep, this.#state);
    return migrationAborted({ ...this.#state, isActive: false }, this.#now());
  }

  /** Ends the run under way as if the process had ended: it can be resumed. */
  stop(): void {
    if (this.#run !== undefined) this.#run.isAborted = true;
    this.#run = undefined;
  }

  async #go(run: { isAborted: boolean }, from: RunState): Promise<void> {
    const { log } = this.#parts;
    try {
      const moved = (state: RunState): void => {
        this.#state = state;
      };
      await runMigration({ ...this.#parts, isAborted: () => run.isAborted, moved }, from);
      log.info('encryption migration ended', { phase: this.#state?.phase });
    } catch (error) {
      log.error('encryption migration stopped, it can be resumed', { error });
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }
}
