import { type JsonObject, noHeaders, type Signal, StoreError, signalFromJson } from '@hawser/core';
import { FakeStore, RecordingLog, turns } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { Entities } from './entities.ts';
import type { EntityRules } from './entityTask.ts';

interface Tally {
  readonly revision: number;
  readonly sum: number;
}

const rules: EntityRules<Tally> = {
  pidPrefix: 'thing:',
  initial: { revision: 0, sum: 0 },
  revisionOf: ({ revision }) => revision,
  evolve: ({ revision, sum }, { adaptable }) => ({
    revision: revision + 1,
    sum: sum + Number(adaptable.value),
  }),
  stateToJson: ({ revision, sum }) => ({ revision, sum }),
  stateFromJson: (json: JsonObject) => json as unknown as Tally,
};

const ID = 'org.acme:tally';

const added = (revision: number, value: number): Signal =>
  signalFromJson(
    {
      type: 'things.events:attributeModified',
      thingId: ID,
      attribute: '/n',
      value,
      revision,
      _timestamp: '2026-11-30T12:00:00Z',
    },
    noHeaders,
    'event',
  );

function harbour(store = new FakeStore(), maxCached = 100) {
  const log = new RecordingLog();
  const entities = new Entities({ store, writer: 'w', now: () => 5, log, rules, maxCached });
  const seen: string[] = [];
  const add = (value: number, id = ID): void =>
    entities.run(id, {
      decide: ({ revision }) => {
        if (value < 0) throw new RangeError(`${value}`);
        const event = value === 0 ? undefined : added(revision + 1, value);
        return { event, done: () => seen.push(`+${value}`) };
      },
      failed: (error) => seen.push(error instanceof StoreError ? error.reason : String(error)),
    });
  return { store, log, entities, add, seen };
}

test('tasks of one entity see what came before them, and what waits is written at once', async () => {
  const { store, entities, add, seen } = harbour();
  let open: () => void = () => {};
  store.gate = () =>
    new Promise((resolve) => {
      open = resolve;
    });
  add(1);
  await turns(5);
  for (const value of [2, 0, 3]) add(value);
  await turns(5);
  expect(seen).toEqual([]);
  open();
  await turns(5);
  expect(seen).toEqual(['+1']);
  open();
  await entities.drained();
  expect(seen).toEqual(['+1', '+2', '+0', '+3']);
  expect(store.appends).toBe(2);
  expect(await entities.peek(ID)).toEqual({ revision: 3, sum: 6 });
});

test('a refused task changes nothing and holds up nobody', async () => {
  const { entities, add, seen } = harbour();
  for (const value of [1, -1, 2]) add(value);
  await entities.drained();
  expect(seen).toEqual(['+1', 'RangeError: -1', '+2']);
  expect(await entities.peek(ID)).toEqual({ revision: 2, sum: 3 });
  expect(entities.stats()).toEqual({ changes: 2, failures: 0, waiting: 0, cached: 1 });
});

test('what a task does after its end holds up nobody', async () => {
  const { entities, log, add, seen } = harbour();
  entities.run(ID, {
    decide: () => ({
      event: undefined,
      done: () => {
        throw new Error('late');
      },
    }),
    failed: () => {},
  });
  add(1);
  await entities.drained();
  expect(seen).toEqual(['+1']);
  expect(log.lines.map(({ message }) => message)).toContain('a task of an entity failed after its end');
});

test('another one reads what was written, from snapshots and the events after them, and history stays short', async () => {
  const { store, entities, add } = harbour();
  for (let n = 0; n < 250; n++) {
    add(1);
    if (n % 25 === 0) await entities.drained();
  }
  await entities.drained();
  expect(store.entries.get(`thing:${ID}`)?.length).toBeLessThan(101);
  expect(store.saved.get(`thing:${ID}`)).toHaveLength(1);
  expect(await harbour(store).entities.peek(ID)).toEqual({ revision: 250, sum: 250 });
});

test('a write that another process was ahead of is decided again on what it wrote', async () => {
  const { store, entities, add, seen } = harbour();
  add(1);
  await entities.drained();
  const other = harbour(store);
  other.add(10);
  await other.entities.drained();
  add(100);
  await entities.drained();
  expect(seen).toEqual(['+1', '+100']);
  expect(await entities.peek(ID)).toEqual({ revision: 3, sum: 111 });
});

test('after a write of unknown outcome the state is read again', async () => {
  const { store, entities, add, seen } = harbour();
  store.fault = (operation) => (operation === 'append' ? 'ambiguous' : undefined);
  add(1);
  await entities.drained();
  expect(seen).toEqual(['unavailable']);
  store.fault = () => undefined;
  add(2);
  await entities.drained();
  expect(await entities.peek(ID)).toEqual({ revision: 2, sum: 3 });
});

test('a writer that is ahead every time ends in a refusal', async () => {
  const { store, entities, add, seen } = harbour();
  store.fault = (operation) => (operation === 'append' ? 'duplicate' : undefined);
  add(1);
  await entities.drained();
  expect(seen).toEqual(['duplicate']);
  expect(store.appends).toBe(3);
  expect(entities.stats()).toEqual({ changes: 0, failures: 1, waiting: 0, cached: 1 });
});

test('a snapshot that cannot be saved is no failure; a later one takes its place', async () => {
  const { store, log, entities, add, seen } = harbour();
  store.fault = (operation) => (operation === 'save' ? 'lost' : undefined);
  for (let n = 0; n < 150; n++) add(1);
  await entities.drained();
  expect(seen).toHaveLength(150);
  expect(store.saved.get(`thing:${ID}`)).toBeUndefined();
  expect(log.lines.map(({ message }) => message)).toContain('old history of an entity stays');
  store.fault = () => undefined;
  for (let n = 0; n < 100; n++) add(1);
  await entities.drained();
  expect(store.saved.get(`thing:${ID}`)).toHaveLength(1);
  expect(await harbour(store).entities.peek(ID)).toEqual({ revision: 250, sum: 250 });
});

test('states that were not used for long are read again when they are', async () => {
  const { store, entities, add } = harbour(new FakeStore(), 2);
  for (const id of ['a:1', 'a:2', 'a:3', 'a:4']) add(1, id);
  await entities.drained();
  let reads = 0;
  const { read } = store.journal;
  store.journal.read = (...asked: Parameters<typeof read>) => {
    reads++;
    return read(...asked);
  };
  await entities.peek('a:4');
  expect(reads).toBe(0);
  expect(await entities.peek('a:1')).toEqual({ revision: 1, sum: 1 });
  expect(reads).toBe(1);
});

test.each([0, -1])('an entity is one however few may be kept: %d', async (maxCached) => {
  const { store, entities, add, seen } = harbour(new FakeStore(), maxCached);
  for (let n = 0; n < 6; n++) add(1);
  await entities.drained();
  expect(seen).toEqual(Array(6).fill('+1'));
  expect(store.appends).toBe(2);
});

test('a state is read again when its history was put into a snapshot meanwhile', async () => {
  const { store, entities, add } = harbour();
  const { latest } = store.snapshots;
  store.snapshots.latest = async (pid) => {
    const old = await latest(pid);
    store.snapshots.latest = latest;
    for (let n = 0; n < 30; n++) {
      add(1);
      await entities.drained();
    }
    return old;
  };
  expect(await harbour(store).entities.peek(ID)).toEqual({ revision: 30, sum: 30 });
});

test('events that are too large for one write are written apart, and what is too large alone fails alone', async () => {
  const { store, entities, add, seen } = harbour();
  const { append } = store.journal;
  store.journal.append = async (entries) => {
    const sum = entries.reduce((total, { event }) => total + Number(event['value']), 0);
    if (sum > 10) throw new StoreError('tooLarge', `${sum} are too many`);
    await append(entries);
  };
  for (const value of [1, 4, 11, 0, 6, 7]) add(value);
  await entities.drained();
  expect(seen).toEqual(['+1', '+4', 'tooLarge', '+0', '+6', '+7']);
  expect(await entities.peek(ID)).toEqual({ revision: 4, sum: 18 });
});
