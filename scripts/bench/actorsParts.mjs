// The parts of bench:actors, each of which runs in a process of its own. `node actorsParts.mjs PART JSON` prints JSON.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  createClientSessions,
  defaultActorsConfig,
  defaultLineConfig,
  SignalRouter,
  startActorSystem,
} from '@hawser/actors';
import { builtInEngines, compileConnection, defaultPipelineLimits } from '@hawser/core';
import {
  FakeSessions,
  FakeStore,
  RecordingLog,
  realClock,
  turns,
  VirtualClock,
} from '@hawser/testkit/without-jest';
import { forEachOf, idOf, openStore } from './actorsStore.mjs';
import { bridge, loopback } from './loopback.mjs';
import { typicalConnection } from './typicalConnection.mjs';

const REGION = '/system/sharding/connection';
// nact belongs to the actors package
const nact = createRequire(join(import.meta.dirname, '../../packages/actors/package.json'))('nact');
let systems = 0;

const start = (parts) =>
  startActorSystem({
    store: new FakeStore(),
    sessions: new FakeSessions(),
    clock: realClock,
    log: new RecordingLog(),
    instance: 'bench',
    ...parts,
  });
const commandTo =
  (system) =>
  (name, more, timeoutMs = 60_000) =>
    system.commands.ask(REGION, { type: `connectivity.commands:${name}`, ...more }, {}, timeoutMs);
const cpuSince = (begun) => {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
};
const percentile = (times, share) => times.sort((a, b) => a - b)[Math.floor(times.length * share)];

async function measureAsks(rounds, ask) {
  const rate = async (count) => {
    const started = performance.now();
    await forEachOf(count, 100, ask);
    return count / ((performance.now() - started) / 1000);
  };
  await rate(rounds / 4);
  const perSecond = await rate(rounds);
  const times = [];
  for (let i = 0; i < rounds / 4; i++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return { perSecond, p50Us: percentile(times, 0.5) * 1000 };
}

const parts = {
  /** Asks of a bare nact actor and of a connection that give the same reply, by turns. */
  async asks({ rounds, runs }) {
    const system = start({});
    const send = commandTo(system);
    const connection = { ...typicalConnection(), id: 'c1', connectionStatus: 'closed' };
    await send('createConnection', { connection });
    const retrieve = () => send('retrieveConnection', { connectionId: 'c1' }, 10_000);
    const { json } = await retrieve();
    const bare = nact.start({ name: `bare-${++systems}` });
    const actor = nact.spawn(bare, (_state, message) => void nact.dispatch(message.sender, json), 'a');
    const query = () => nact.query(actor, (sender) => ({ sender }), 2_000);
    const pairs = [];
    for (let run = 0; run < runs; run++) {
      pairs.push({
        bare: await again(() => measureAsks(rounds, query)),
        own: await measureAsks(rounds, retrieve),
      });
    }
    await system.stop();
    return pairs;
  },

  /** Asks while a source delivers as fast as the process takes it. */
  async saturated({ seconds }) {
    const { system, run, counts } = await line();
    const send = commandTo(system);
    let isWanted = true;
    const flow = run(Number.POSITIVE_INFINITY, () => isWanted);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const times = [];
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const began = performance.now();
      await send('retrieveConnection', { connectionId: 'in' });
      times.push(performance.now() - began);
    }
    delay.disable();
    isWanted = false;
    await flow;
    const { published } = counts;
    await system.stop();
    return {
      askP99Ms: percentile(times, 0.99),
      loopP99Ms: delay.percentile(99) / 1e6,
      messagesPerSecond: published / seconds,
    };
  },

  /** Messages that entered mailboxes while broker messages passed. */
  async dispatches() {
    const { system, run } = await line();
    const count = async (messages) => {
      const before = system.stats().kernel.dispatches;
      await run(messages);
      return system.stats().kernel.dispatches - before;
    };
    const [few, many] = [await count(1000), await count(10_000)];
    await system.stop();
    return { few, many };
  },

  async bareRecovery({ folder, count }) {
    const store = await openStore(folder);
    const started = performance.now();
    const cpu = process.cpuUsage();
    const engine = {
      latestSnapshot: async (pid) => {
        const snapshot = await store.snapshots.latest(pid);
        return (
          snapshot && {
            data: snapshot.state,
            sequenceNumber: snapshot.sn,
            key: pid,
            createdAt: snapshot.timestamp,
          }
        );
      },
      events: (pid, offset) => ({
        async reduce(fold, initial) {
          let folded = initial;
          let index = 0;
          for await (const { event, sn } of store.journal.read(pid, offset))
            folded = await fold(folded, { data: event, sequenceNumber: sn }, index++);
          return folded;
        },
      }),
      persist: async () => undefined,
      takeSnapshot: async () => undefined,
    };
    const bare = nact.start({ name: `bare-${++systems}` }, nact.configurePersistence(engine));
    const handle = (state, message, context) => {
      if (context.recovering) return message.connection ?? state;
      nact.dispatch(message.sender, state);
      return state;
    };
    await forEachOf(count, 1000, async (number) => {
      const pid = `connection:${idOf(number)}`;
      const actor = nact.spawnPersistent(bare, handle, pid, idOf(number));
      await nact.query(actor, (sender) => ({ sender }), 60_000);
    });
    const ms = performance.now() - started;
    const cpuMs = cpuSince(cpu);
    await store.close();
    return { ms, cpuMs };
  },

  async recovery({ folder, count }) {
    const store = await openStore(folder);
    const started = performance.now();
    const cpu = process.cpuUsage();
    const system = start({ store, config: { recovery: unpaced } });
    const send = commandTo(system);
    await forEachOf(count, 1000, async (number) => {
      const { status } = await send('retrieveConnection', { connectionId: idOf(number) });
      if (status !== 200) throw new Error(`${idOf(number)}: ${status}`);
    });
    const ms = performance.now() - started;
    const cpuMs = cpuSince(cpu);
    await system.stop();
    await store.close();
    return { ms, cpuMs };
  },

  /** Memory before connections are woken, while they are awake, and after they have been passivated. */
  async memory({ folder, count }) {
    const store = await openStore(folder);
    const clock = new VirtualClock(Date.now());
    const system = start({ store, clock, config: { recovery: unpaced } });
    await system.whenReopened;
    const send = commandTo(system);
    const wake = (upTo) =>
      forEachOf(upTo, 100, (number) => send('retrieveConnection', { connectionId: idOf(number) }));
    const passivate = async () => {
      while (system.stats().connections.awake > 0) {
        clock.advance(defaultActorsConfig.inactiveIntervalMs);
        await turns(20);
      }
    };
    // code that is compiled on the way is no memory of connections
    await wake(count / 20);
    await passivate();
    const before = memory();
    await wake(count);
    const awake = memory();
    await passivate();
    return { before, awake, passivated: memory() };
  },
};

const unpaced = { enabled: true, parallel: 16, opensPerInterval: 0, openIntervalMs: 100 };

/** Bare nact draws the ids of its asks at random: where two meet an answer is lost, and the measurement is made again. */
async function again(measure) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await measure();
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

function memory() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

async function line() {
  const { adapter, counts, run } = loopback();
  const environment = {
    now: () => Date.now(),
    newId: () => 'id',
    engines: builtInEngines,
    limits: defaultPipelineLimits,
  };
  const sessions = createClientSessions({
    adapters: [adapter],
    compile: (connection) => compileConnection(connection, environment),
    dispatcher: new SignalRouter(),
    clock: realClock,
    log: new RecordingLog(),
    config: defaultLineConfig,
    createId: () => 'id',
    probe: async () => undefined,
  });
  const system = start({ sessions });
  const send = commandTo(system);
  for (const connection of bridge) {
    const created = await send('createConnection', { connection });
    if (created.status !== 201) throw new Error(JSON.stringify(created.json));
    await send('openConnection', { connectionId: connection.id });
  }
  return { system, run, counts };
}

const [part, options] = process.argv.slice(2);
console.log(JSON.stringify(await parts[part](JSON.parse(options ?? '{}'))));
process.exit(0);
