// Rows 4, 6 and 9 to 11: shutdown, a stall, descriptors, what libraries throw, clocks.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badBrokers, listen, startBroker } from './brokers.mjs';
import { closedConnection, sleep, startHawser, until } from './hawser.mjs';
import { faketimeEnv } from './injectors.mjs';

const HOUR_S = 3_600;
const openTo = (uri, connectionType = 'mqtt') => ({ connectionStatus: 'open', uri, connectionType });
const isCalm = (hawser) => assert.doesNotMatch(hawser.said, /unhandled|uncaught/i);

export const rows = [
  {
    row: 4,
    component: 'shutdown',
    title: 'SIGTERM under load and while connecting: exit 0 in time; a second one ends at once',
    injectors: [],
    async run(t) {
      await stopUnderLoad(t);
      const silent = await listen(t, badBrokers['says nothing']);
      const hawser = await startHawser(t);
      for (let i = 0; i < 20; i++) await hawser.create(`c${i}`, openTo(`tcp://127.0.0.1:${silent}`));
      hawser.signal('SIGTERM');
      assert.equal(await hawser.ended(15_000), 0);
      isCalm(hawser);
      const again = await startHawser(t);
      await until('clients are connecting', async () => (await again.retrieve('c19')).status === 200);
      again.signal('SIGTERM');
      again.signal('SIGTERM');
      const started = Date.now();
      // 0: the first one was done before the second one came
      assert.ok([0, 1].includes(await again.ended(10_000)));
      assert.ok(Date.now() - started < 3_000);
    },
  },
  {
    row: 6,
    component: 'event loop',
    title:
      'the process stands still for 10 s and its broker gives it up: the session comes back, answers go on',
    injectors: [],
    async run(t) {
      const broker = await startBroker(t);
      const hawser = await startHawser(t);
      assert.equal((await hawser.create('open', openTo(broker.uri))).status, 201);
      await until('the client is there', () => broker.connects === 1);
      hawser.signal('SIGSTOP');
      await sleep(5_000);
      const asked = hawser.create('asked-meanwhile');
      for (const client of Object.values(broker.broker.clients)) client.conn.destroy();
      await sleep(5_000);
      hawser.signal('SIGCONT');
      assert.equal((await asked).status, 201);
      assert.equal(await hawser.statusOf('/alive'), 200);
      await until('the session is back', () => broker.connects === 2, 30_000);
      isCalm(hawser);
    },
  },
  {
    row: 9,
    component: 'files',
    title:
      '256 descriptors and 400 connections to open: no crash, HTTP stays up, the rest waits with back-off',
    injectors: ['prlimit'],
    async run(t) {
      const broker = await startBroker(t);
      const hawser = await startHawser(t, { prefix: ['prlimit', '--nofile=256'] });
      const ids = Array.from({ length: 400 }, (_, i) => `c${i}`);
      for (let i = 0; i < ids.length; i += 50) {
        const answers = await Promise.all(
          ids.slice(i, i + 50).map((id) => hawser.create(id, openTo(broker.uri))),
        );
        const refused = answers.filter(({ status }) => status !== 201);
        assert.deepEqual(refused, [], hawser.tail());
      }
      await until('clients are there', () => broker.connects > 50);
      assert.ok(broker.connects < 256, `${broker.connects} clients`);
      for (let i = 0; i < 20; i++) {
        assert.equal(await hawser.statusOf('/alive'), 200);
        assert.equal((await hawser.retrieve(`c${i * 19}`)).status, 200);
      }
      assert.equal((await hawser.create('another')).status, 201);
      assert.equal(hawser.end, undefined);
      isCalm(hawser);
      for (const id of ids.slice(0, 350))
        assert.equal((await hawser.command('deleteConnection', { connectionId: id })).status, 204);
      await hawser.command('closeConnection', { connectionId: 'c399' });
      assert.equal((await hawser.command('openConnection', { connectionId: 'c399' })).status, 200);
    },
  },
  {
    row: 10,
    component: 'libraries',
    title: 'brokers that break the protocol in every state: the session fails, the process lives',
    injectors: [],
    async run(t) {
      const hawser = await startHawser(t);
      const good = await startBroker(t);
      assert.equal((await hawser.create('good', openTo(good.uri))).status, 201);
      for (const [index, onSocket] of Object.values(badBrokers).entries()) {
        const port = await listen(t, onSocket);
        for (const type of ['mqtt', 'mqtt-5', 'amqp-091']) {
          const isAmqp = type === 'amqp-091';
          const uri = isAmqp ? `amqp://guest:guest@127.0.0.1:${port}` : `tcp://127.0.0.1:${port}`;
          const source = { ...closedConnection('x').sources[0], ...(isAmqp ? { qos: undefined } : {}) };
          const answer = await hawser.create(`bad-${index}-${type}`, {
            ...openTo(uri, type),
            sources: [source],
          });
          assert.equal(answer.status, 201, JSON.stringify(answer.body));
        }
      }
      await sleep(4_000);
      assert.equal(hawser.end, undefined, hawser.tail());
      isCalm(hawser);
      assert.equal(good.connects, 1);
      assert.equal((await hawser.retrieve('good')).status, 200);
      hawser.signal('SIGTERM');
      assert.equal(await hawser.ended(15_000), 0);
    },
  },
  {
    row: 11,
    component: 'clock',
    title: 'wall clock jumps 10 days forward and an hour back: sessions, timers and answers do not notice',
    injectors: ['libfaketime'],
    async run(t) {
      const clock = join(t.folder, 'clock');
      writeFileSync(clock, '+0');
      const broker = await startBroker(t);
      const hawser = await startHawser(t, { env: faketimeEnv(clock) });
      assert.equal((await hawser.create('open', openTo(broker.uri))).status, 201);
      await until('the client is there', () => broker.connects === 1);
      for (const [offset, name] of [
        [240 * HOUR_S, 'forward'],
        [-HOUR_S, 'back'],
        [120, 'skewed'],
      ]) {
        writeFileSync(clock, `${offset < 0 ? '' : '+'}${offset}`);
        // HTTP keeps its Date for up to a second
        await sleep(1_300);
        assert.ok(
          Math.abs(wallClockOf(await hawser.create(`${name}-first`)) - offset) < 60,
          'the clock jumped',
        );
        const started = performance.now();
        assert.equal((await hawser.create(name)).status, 201);
        assert.equal(
          (await hawser.command('modifyConnection', { connection: closedConnection(name) })).status,
          204,
        );
        assert.ok(performance.now() - started < 5_000);
        const { body } = await hawser.command('retrieveConnectionStatus', { connectionId: 'open' });
        assert.equal(body.liveStatus, 'open', JSON.stringify(body));
      }
      assert.equal(broker.connects, 1);
      isCalm(hawser);
      hawser.signal('SIGTERM');
      assert.equal(await hawser.ended(15_000), 0);
    },
  },
];

/** Seconds by which the service's clock is ahead, as its HTTP door tells. */
const wallClockOf = ({ date }) => (Date.parse(date) - Date.now()) / 1000;

/** Every command is answered, or its caller sees that the service is going; nothing acknowledged is missing afterwards. */
async function stopUnderLoad(t) {
  const hawser = await startHawser(t);
  const created = [];
  let isStopping = false;
  const load = async (lane) => {
    for (let n = 0; !isStopping || n === 0; n++) {
      const id = `l${lane}-${n}`;
      const { status } = await hawser.create(id);
      if (status === 201) created.push(id);
      else if (isStopping) return;
    }
  };
  const lanes = Array.from({ length: 20 }, (_, lane) => load(lane));
  await until('there is load', () => created.length > 40);
  hawser.signal('SIGTERM');
  isStopping = true;
  assert.equal(await hawser.ended(15_000), 0);
  await Promise.all(lanes);
  isCalm(hawser);
  const again = await startHawser(t);
  for (const id of created) assert.equal((await again.retrieve(id)).status, 200, id);
  again.signal('SIGTERM');
  assert.equal(await again.ended(15_000), 0);
}
