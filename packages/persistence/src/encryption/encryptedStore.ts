import {
  decodeKey,
  decryptSecrets,
  type EncryptionConfig,
  encryptionConfigProblem,
  encryptSecrets,
  hasEncryptedSecrets,
  isDittoError,
  type Journal,
  type JournalEntry,
  type JsonObject,
  type LastFailure,
  type Log,
  type SecretFields,
  type SecretKeys,
  type Snapshot,
  type SnapshotStore,
  type Store,
  StoreError,
  type StoreHealth,
  type StoreUpkeep,
} from '@hawser/core';
import { eventFields, stateFields } from './storedSecrets.ts';

/**
 * A store whose connections lie in it with their secrets encrypted (spec 02, 8). Actors see clear text; `upkeep` sees what is
 * stored. Ditto passes over what it cannot decrypt; here it is `corrupt`, so that no connection starts from half of its history.
 */
export class EncryptedStore implements Store {
  readonly kind: string;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly upkeep: StoreUpkeep;
  readonly #inner: Store;
  readonly #config: EncryptionConfig;
  /** Undefined without any key. */
  readonly #keys: SecretKeys | undefined;
  readonly #log: Log;
  readonly #eventFields: SecretFields;
  readonly #stateFields: SecretFields;
  #hasWarned = false;

  constructor(inner: Store, config: EncryptionConfig, log: Log) {
    this.#inner = inner;
    this.#config = config;
    this.#keys = secretKeysOf(config);
    this.#log = log;
    this.#eventFields = eventFields(config);
    this.#stateFields = stateFields(config);
    this.kind = inner.kind;
    this.upkeep = inner.upkeep;
    const { journal, snapshots } = inner;
    this.journal = {
      append: async (entries) => journal.append(entries.map((entry) => this.#encryptEntry(entry))),
      read: (pid, afterSn, toSn) => this.#decryptEntries(journal.read(pid, afterSn, toSn)),
      highestSn: (pid) => journal.highestSn(pid),
      deleteTo: (pid, sn) => journal.deleteTo(pid, sn),
      lowestSn: (pid) => journal.lowestSn(pid),
      newest: (pidPrefix, tag) => journal.newest(pidPrefix, tag),
    };
    this.snapshots = {
      latest: async (pid, maxSn) => this.#decryptSnapshot(await snapshots.latest(pid, maxSn)),
      save: async (snapshot) => snapshots.save(this.#encryptSnapshot(snapshot)),
      deleteBelow: (pid, sn) => snapshots.deleteBelow(pid, sn),
      lowestSn: (pid) => snapshots.lowestSn(pid),
      newest: (pidPrefix, options) => snapshots.newest(pidPrefix, options),
    };
  }

  get lastFailure(): LastFailure | undefined {
    return this.#inner.lastFailure;
  }

  /** @throws StoreError `refused` also when the keys are missing, equal or no keys */
  async open(): Promise<void> {
    const problem = encryptionConfigProblem(this.#config) ?? keyProblem(this.#config);
    if (problem !== undefined) throw new StoreError('refused', problem);
    await this.#inner.open();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  health(): Promise<StoreHealth> {
    return this.#inner.health();
  }

  #encryptEntry(entry: JournalEntry): JournalEntry {
    return { ...entry, event: this.#encrypt(entry.event, this.#eventFields) };
  }

  #encryptSnapshot(snapshot: Snapshot): Snapshot {
    return { ...snapshot, state: this.#encrypt(snapshot.state, this.#stateFields) };
  }

  async *#decryptEntries(entries: AsyncIterable<JournalEntry>): AsyncIterable<JournalEntry> {
    for await (const entry of entries)
      yield { ...entry, event: this.#decrypt(entry, entry.event, this.#eventFields) };
  }

  #decryptSnapshot(snapshot: Snapshot | undefined): Snapshot | undefined {
    if (snapshot === undefined) return undefined;
    return { ...snapshot, state: this.#decrypt(snapshot, snapshot.state, this.#stateFields) };
  }

  #encrypt(json: JsonObject, fields: SecretFields): JsonObject {
    const { enabled, key } = this.#config;
    return enabled ? encryptSecrets(json, fields, key) : json;
  }

  #decrypt({ pid, sn }: { pid: string; sn: number }, json: JsonObject, fields: SecretFields): JsonObject {
    if (this.#keys === undefined) {
      this.#warnWithoutKey(json, fields);
      return json;
    }
    try {
      return decryptSecrets(json, fields, this.#keys);
    } catch (error) {
      if (!isDittoError(error)) throw error;
      throw new StoreError('corrupt', `record ${sn} of <${pid}>: ${error.message}`, {
        pid,
        sn,
        cause: error,
      });
    }
  }

  #warnWithoutKey(json: JsonObject, fields: SecretFields): void {
    if (this.#hasWarned || !hasEncryptedSecrets(json, fields)) return;
    this.#hasWarned = true;
    this.#log.warn('the store holds encrypted secrets and no key is configured: they stay encrypted');
  }
}

/** What is stored may be of the old key alone, when encryption was switched off. */
function secretKeysOf(config: EncryptionConfig): SecretKeys | undefined {
  const [key, oldKey] = [config.key, config.oldKey].filter((given) => given !== '');
  return key === undefined ? undefined : { key, oldKey };
}

const keyProblem = ({ enabled, key }: EncryptionConfig): string | undefined =>
  enabled && decodeKey(key) === undefined ? "'symmetrical-key' is not a valid 256-bit AES key." : undefined;
