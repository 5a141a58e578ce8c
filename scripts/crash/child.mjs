// The process that is killed: store, actors and cleanup as the service composes them, under random commands on 50
// connections. Says on stdout, synchronously, what it sends and what was answered. Argument: its plan as JSON.
import { writeSync } from 'node:fs';
import { startActorSystem } from '@hawser/actors';
import { BackgroundCleanup } from '@hawser/persistence';
import { FakeSessions } from '../../packages/testkit/dist/fakes/fakeSessions.js';
import { randomOf } from '../random.mjs';
import { nextCommand } from './commands.mjs';
import { withFailPoints, withMigrationPoint } from './failPoints.mjs';
import {
  between,
  connectionIds,
  createStore,
  errorLog,
  PID_PREFIX,
  quietLog,
  systemClock,
} from './parts.mjs';

const SELECTION = '/system/sharding/connection';
const SNAPSHOT_THRESHOLD = 10;

const plan = JSON.parse(process.argv[2]);
const random = randomOf(plan.seed);
/** Each recovery, and each sweep for open connections, reads a whole collection of FerretDB. */
const idleMs = plan.store.kind === 'mongodb' ? 500 : 60;
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
const kill = () => {
  say({ killedAt: plan.point });
  process.kill(process.pid, 'SIGKILL');
};
const failing = { ...plan, random, kill, threshold: SNAPSHOT_THRESHOLD };

const opened = createStore(plan.store, plan.version, (codec) => withMigrationPoint(codec, failing));
await opened.open();
const store = withFailPoints(opened, failing);

const startedAt = Date.now();
const cleanup = new BackgroundCleanup({
  store,
  // Only snapshots of earlier rounds are old enough: what this round writes is still there when it is judged.
  clock: { ...systemClock, now: () => startedAt },
  log: errorLog,
  pidPrefix: PID_PREFIX,
  random,
  config: {
    enabled: true,
    historyRetentionMs: 1,
    quietPeriodMs: 50,
    intervalMs: 10,
    timerThresholdMs: 10_000,
    creditsPerBatch: 3,
    readsPerQuery: 100,
    writesPerCredit: 7,
    deleteFinalDeletedSnapshot: random() < 0.3,
  },
});
const system = startActorSystem({
  store,
  sessions: new FakeSessions(),
  clock: systemClock,
  log: quietLog,
  instance: 'crash',
  random,
  config: {
    snapshotThreshold: SNAPSHOT_THRESHOLD,
    snapshotIntervalMs: 0,
    inactiveIntervalMs: idleMs,
    deletedIntervalMs: idleMs,
    backoff: { minMs: 20, maxMs: 200, randomFactor: 1 },
    ping: {
      journalTag: '',
      initialDelayMs: idleMs * 2,
      intervalMs: idleMs * 4,
      order: 'TAGS',
      rateFrequencyMs: 10,
      rateEntities: 5,
    },
  },
});
cleanup.start();
say({ ready: true });
// there, cleanup comes to its turn only while little else is asked
if (plan.store.kind === 'mongodb' && plan.point.includes('cleanup'))
  await new Promise((resolve) => setTimeout(resolve, 2_500));
await Promise.all(connectionIds.map(drive));

/** One command after the other, with pauses; some long enough for the actor to leave memory. */
async function drive(id) {
  const own = randomOf(between(random, 0, 2 ** 31));
  for (let n = 0; ; n++) {
    const { kind, token, command } = nextCommand(id, `${plan.round}/${n}`, own);
    say({ id, n, kind, token });
    const status = await system.commands.ask(SELECTION, command, {}, 8_000).then(
      (reply) => reply.status,
      () => 503,
    );
    say({ id, n, status });
    if (plan.point === 'after reply' && --failing.count === 0) kill();
    const pauseMs = own() < 0.08 ? idleMs * 5 : own() * 15;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
