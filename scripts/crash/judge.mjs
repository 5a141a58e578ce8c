// Opens what a killed process left behind, and compares it with what that process had acknowledged.
import { startActorSystem } from '@hawser/actors';
import { absentAt, decide, evolve, recordedEvent } from '@hawser/core';
import { FakeSessions } from '../../packages/testkit/dist/fakes/fakeSessions.js';
import { isStored, mismatch } from './commands.mjs';
import { connectionIds, createStore, errorLog, PID_PREFIX, systemClock } from './parts.mjs';

const SELECTION = '/system/sharding/connection';
/** Opening may write every record again, for which FerretDB scans a collection each time. */
const BACK_MS = 60_000;
const noRules = { validate() {}, validateStored() {}, resolveHono: (connection) => connection };

/** Knows the whole history, also what cleanup removed meanwhile. */
export class Judge {
  #store;
  #checks = 0;
  /** By id: state folded from every event there has been, and commands whose outcome may still show. */
  #known = new Map(connectionIds.map((id) => [id, { state: absentAt(0), pending: [] }]));

  constructor(store) {
    this.#store = store;
  }

  /** @param told lines of the killed process; @returns what is wrong, as lines of text, and how much was looked at */
  async check(told, version) {
    const store = createStore(this.#store, version);
    await store.open();
    try {
      if (this.#store.kind === 'mongodb') await settled(store);
      const entries = await byId(store.upkeep.entries());
      const snapshots = await byId(store.upkeep.snapshots());
      const problems = [];
      for (const id of connectionIds)
        problems.push(
          ...(await this.#checkJournal(
            store,
            id,
            entries.get(id) ?? [],
            snapshots.get(id),
            commandsOf(told, id),
          )),
        );
      problems.push(...(await this.#checkMemory(store)));
      return {
        problems,
        commands: told.filter(({ status }) => status !== undefined).length,
        entries: [...entries.values()].reduce((sum, { length }) => sum + length, 0),
      };
    } finally {
      await store.close();
    }
  }

  async #checkJournal(store, id, entries, snapshots, commands) {
    const known = this.#known.get(id);
    const pid = `${PID_PREFIX}${id}`;
    const problems = [];
    const before = known.state.revision;
    const first = entries[0]?.sn ?? before + 1;
    const highest = entries.at(-1)?.sn ?? (await store.journal.highestSn(pid));
    entries.forEach(({ sn }, index) => {
      if (sn !== first + index) problems.push(`${id}: ${sn} is in the place of ${first + index}`);
    });
    const isWhole = first <= before + 1;
    if (!isWhole) problems.push(`${id}: ${before + 1} to ${first - 1} are missing`);
    if (highest < before) problems.push(`${id}: the highest number fell from ${before} to ${highest}`);
    const snapshot = snapshots?.at(-1);
    const isBeginning = entries[0]?.type === 'connectivity.events:connectionCreated';
    if (entries.length > 0 && first > 1 && !isBeginning && (snapshot?.sn ?? 0) < first - 1)
      problems.push(`${id}: begins at ${first}, and the newest snapshot covers ${snapshot?.sn}`);
    const events = entries.filter(({ sn }) => sn > before).map(({ event, sn }) => recordedEvent(event, sn));
    for (const event of events) known.state = evolve(known.state, event);
    const told = [...known.pending, ...commands];
    const wrong = mismatch(
      told,
      events.filter(({ type }) => type.startsWith('connectivity.events:')),
    );
    if (wrong !== undefined) problems.push(`${id}: ${wrong}`);
    // A server may still carry out what its client was killed for; a file does not.
    const last = told.at(-1);
    known.pending = this.#store.kind === 'mongodb' && last && isStored(last) === 'maybe' ? [last] : [];
    return problems;
  }

  /** Actors that recover from snapshots and what cleanup left answer as the fold of the whole history does. */
  async #checkMemory(store) {
    const system = startActorSystem({
      store,
      sessions: new FakeSessions(),
      clock: systemClock,
      log: errorLog,
      instance: 'judge',
      config: {
        backoff: { minMs: 50, maxMs: 500, randomFactor: 1 },
        recovery: { enabled: false, parallel: 1, opensPerInterval: 0, openIntervalMs: 1 },
        inactiveIntervalMs: 0,
        deletedIntervalMs: 0,
        snapshotIntervalMs: 0,
      },
    });
    try {
      const found = [];
      for (const id of this.#sample()) found.push(await this.#compare(system, id));
      return found.filter((problem) => problem !== undefined);
    } finally {
      await system.stop();
    }
  }

  /** FerretDB reads a whole collection for each recovery: some at a time, other ones in each round. */
  #sample() {
    if (this.#store.kind === 'lmdb') return connectionIds;
    this.#checks++;
    return connectionIds.filter((_, index) => (index + this.#checks) % 4 === 0);
  }

  async #compare(system, id) {
    const command = { type: 'connectivity.commands:retrieveConnection', connectionId: id };
    const reply = await this.#ask(system, command);
    const expected = this.#expected(id, command);
    const actual = { status: reply.status, connection: reply.json.connection };
    if (JSON.stringify(actual) === JSON.stringify(expected)) return undefined;
    return `${id}: recovered ${JSON.stringify(actual)}, folded ${JSON.stringify(expected)}`;
  }

  /** A server that was just killed may need a while; a connection that cannot be recovered stays unavailable. */
  async #ask(system, command) {
    const deadline = Date.now() + (this.#store.kind === 'mongodb' ? 15_000 : 0);
    for (;;) {
      const reply = await system.commands.ask(SELECTION, command, {}, 10_000);
      if (reply.status !== 503 || Date.now() >= deadline) return reply;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  #expected(id, command) {
    const { state } = this.#known.get(id);
    if (state.lifecycle !== 'active') return { status: 404, connection: undefined };
    const [step] = decide(state, { command, headers: {} }, noRules, '').steps;
    return { status: 200, connection: step.answer.json.connection };
  }
}

/** Records by the id of their connection, in order. */
async function byId(records) {
  const found = new Map();
  for await (const record of records) {
    const id = record.pid.slice(PID_PREFIX.length);
    if (!found.has(id)) found.set(id, []);
    found.get(id).push(record);
  }
  return found;
}

/** Commands of one connection in order, with the status of their answers. */
function commandsOf(told, id) {
  const commands = [];
  for (const line of told.filter((each) => each.id === id)) {
    if (line.kind !== undefined) commands.push({ ...line });
    else commands[line.n].status = line.status;
  }
  return commands;
}

/** A remote store opens before it is reached, and goes on with what its dead client had sent. */
async function settled(store) {
  const deadline = Date.now() + BACK_MS;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
  let health = await store.health();
  while (health.status !== 'UP') {
    if (Date.now() > deadline) throw new Error(`the server does not come back: ${health.detail}`);
    await pause();
    health = await store.health();
  }
  for (let before = -1, now = await countOf(store); before !== now; now = await countOf(store)) {
    before = now;
    await pause();
  }
}

async function countOf(store) {
  let count = 0;
  for await (const { sn } of store.journal.newest(PID_PREFIX)) count += sn;
  return count;
}
