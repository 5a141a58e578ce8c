import {
  type DamagedRecord,
  type Log,
  type RecordPosition,
  StoreError,
  type StoreUpkeep,
  type WalkOptions,
} from '@hawser/core';

const SCHEMA = 'schema';
const PROGRESS = 'schemaMigration';
/** Records written together, between two notes of the progress. */
const BATCH_RECORDS = 100;
/** A server that scans for each of them (FerretDB) answers none of a hundred in time, and the batch begins again. */
const WRITES_AT_ONCE = 4;

/**
 * Brings the store to the version of this release. Records are read in every version there has been, so the migration
 * only writes each of them again; killed anywhere it goes on from its last note, and a record written twice is the same.
 *
 * @param isNew nothing was ever stored: only the version is noted
 * @throws StoreError `refused` when the store is of a newer release; nothing is written then
 */
export async function migrateSchema(
  upkeep: StoreUpkeep,
  version: number,
  isNew: boolean,
  log: Log,
): Promise<void> {
  const found = (await upkeep.readMeta(SCHEMA))?.['version'];
  if (typeof found === 'number' && found > version)
    throw new StoreError(
      'refused',
      `the store is of schema version ${found}, this release knows ${version}: use the release that wrote it, or a newer one`,
    );
  if (found === version) return;
  if (!isNew) await rewrite(upkeep, typeof found === 'number' ? found : 0, version, log);
  await upkeep.writeMeta(SCHEMA, { version });
}

type Stage = 'entries' | 'snapshots';

interface Progress extends RecordPosition {
  readonly stage: Stage;
}

async function rewrite(upkeep: StoreUpkeep, from: number, to: number, log: Log): Promise<void> {
  const progress = await readProgress(upkeep, to);
  log.info('store migration begins', { from, to, ...(progress && { goesOnAfter: progress }) });
  const onDamaged = (record: DamagedRecord): void => log.error('damaged record left as it is', { ...record });
  const options = (stage: Stage): WalkOptions =>
    progress?.stage === stage ? { after: progress, onDamaged } : { onDamaged };
  const note = (stage: Stage, { pid, sn }: RecordPosition): Promise<void> =>
    upkeep.writeMeta(PROGRESS, { to, stage, pid, sn });
  if (progress?.stage !== 'snapshots')
    for await (const batch of batches(upkeep.entries(options('entries')))) {
      await fewAtOnce(batch, (entry) => upkeep.replaceEntry(entry));
      await note('entries', lastOf(batch));
    }
  for await (const batch of batches(upkeep.snapshots(options('snapshots')))) {
    await fewAtOnce(batch, (snapshot) => upkeep.replaceSnapshot(snapshot));
    await note('snapshots', lastOf(batch));
  }
  log.info('store migration done', { from, to });
}

async function readProgress(upkeep: StoreUpkeep, to: number): Promise<Progress | undefined> {
  const noted = await upkeep.readMeta(PROGRESS);
  if (noted?.['to'] !== to) return undefined;
  const { stage, pid, sn } = noted;
  return { stage: stage === 'snapshots' ? stage : 'entries', pid: String(pid), sn: Number(sn) };
}

async function* batches<T>(records: AsyncIterable<T>): AsyncIterable<readonly T[]> {
  let batch: T[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < BATCH_RECORDS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function fewAtOnce<T>(batch: readonly T[], write: (record: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < batch.length; at += WRITES_AT_ONCE)
    await Promise.all(batch.slice(at, at + WRITES_AT_ONCE).map(write));
}

function lastOf(batch: readonly RecordPosition[]): RecordPosition {
  return batch.at(-1) ?? { pid: '', sn: 0 };
}
