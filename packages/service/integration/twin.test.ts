import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import mqtt, { type MqttClient } from 'mqtt';
import { bridgeTarget } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';
import { Tally } from './tally.ts';

const THINGS = 10;
const UPDATES = 1000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a device sends is the number of a thing, and a count. */
const counterScript = `function mapToDittoProtocolMsg(headers, text) {
  const [thing, number] = text.split(' ');
  return Ditto.buildDittoProtocolMsg('org.acme', 'counter-' + thing, 'things', 'twin', 'commands', 'modify',
    '/attributes/last', { 'correlation-id': 'c-' + number }, { number: Number(number) });
}`;

/** A reply as it came to the device. */
interface Reply {
  readonly topic: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly value?: unknown;
}

async function dropDatabase(uri: string, database: string): Promise<void> {
  const client = new MongoClient(uri);
  await client.db(database).dropDatabase();
  await client.close();
}

describeWithServers('the twin of the process', ['mosquitto', 'rabbitmq', 'mongodb'], (urls) => {
  let run = '';
  let data = '';
  let device: MqttClient;
  let hawser: HawserProcess;
  let tally: Tally;
  const replies: Reply[] = [];

  const create = async (connection: Record<string, unknown>): Promise<void> => {
    const type = 'connectivity.commands:createConnection';
    expect(await hawser.piggyback({ type, connection })).toMatchObject({ status: 201 });
    await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: connection['id'] });
  };

  const source = (kind: string, subjects: readonly string[], more: Record<string, unknown> = {}) => ({
    addresses: [`${kind}/${run}`],
    qos: 1,
    authorizationContext: subjects,
    headerMapping: {},
    replyTarget: {
      enabled: true,
      address: `replies/${run}`,
      expectedResponseTypes: ['response', 'error', 'nack'],
      headerMapping: {},
    },
    ...more,
  });

  const devices = (sources: readonly unknown[], id = `in-${run}`) => ({
    id,
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri: urls.mosquitto,
    sources,
    specificConfig: { cleanSession: 'false' },
    mappingDefinitions: {
      counter: { mappingEngine: 'JavaScript', options: { incomingScript: counterScript } },
    },
  });

  const eventsTo = (id: string, topic: string, subjects: readonly string[]) => {
    const { targets, ...rest } = bridgeTarget(urls.rabbitmq, `twin-${run}`, id);
    return {
      ...rest,
      targets: targets.map((t) => ({ ...t, topics: [topic], authorizationContext: subjects })),
    };
  };

  /** Sends a Protocol message at the address of a kind, and waits for its reply. */
  const ask = async (
    kind: string,
    [channel, action]: readonly [string, string],
    name: string,
    path: string,
    value?: unknown,
    headers: Record<string, unknown> = {},
  ): Promise<Reply> => {
    const id = `q-${Math.random()}`;
    const message = {
      topic: `org.acme/${name}/things/${channel}/commands/${action}`,
      headers: { 'correlation-id': id, ...headers },
      path,
      ...(value === undefined ? {} : { value }),
    };
    await device.publishAsync(`${kind}/${run}`, JSON.stringify(message), { qos: 1 });
    const isReply = ({ headers: got }: Reply) => got['correlation-id'] === id;
    await until(`a reply to ${action} ${path}`, () => replies.some(isReply), 20_000);
    return replies.find(isReply) as Reply;
  };

  beforeEach(async () => {
    run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
    data = mkdtempSync(join(tmpdir(), 'hawser-twin-'));
    replies.length = 0;
    tally = new Tally(urls.rabbitmq, `twin-${run}`);
    await tally.open();
    device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
    device.on('message', (_topic, payload) => replies.push(JSON.parse(payload.toString()) as Reply));
    await device.subscribeAsync(`replies/${run}`, { qos: 1 });
  });

  afterEach(async () => {
    await hawser.stop();
    await device.endAsync(true);
    await tally.close();
    rmSync(data, { recursive: true, force: true });
  });

  test.each([['lmdb'], ['MongoDB']])(
    'updates by a script are kept on %s, told with extra fields, and survive two kills',
    async (kind) => {
      const database = `hawser_test_twin_${process.pid}`;
      const mongo = { MONGO_DB_URI: urls.mongodb, MONGO_DB_DATABASE: database };
      const start = () =>
        HawserProcess.start({ env: { HAWSER_DATA: data, ...(kind === 'lmdb' ? {} : mongo) } });
      hawser = await start();
      const subjects = ['integration:twin'];
      const topic = '_/_/things/twin/events?filter=ge(attributes/last/number,0)&extraFields=attributes/name';
      await create(eventsTo(`out-${run}`, topic, subjects));
      await create(
        devices([
          source('cmd', subjects),
          source('count', subjects, { payloadMapping: ['counter'], replyTarget: { enabled: false } }),
        ]),
      );
      for (let n = 0; n < THINGS; n++) {
        const created = await ask('cmd', ['twin', 'create'], `counter-${n}`, '/', {
          attributes: { name: `no ${n}` },
        });
        expect(created).toMatchObject({ status: 201, value: { thingId: `org.acme:counter-${n}` } });
      }
      const load = (async () => {
        for (let n = 0; n < UPDATES; n++) {
          await device.publishAsync(`count/${run}`, `${n % THINGS} ${n}`, { qos: 1 });
          await pause(2);
        }
      })();
      for (const _kill of [1, 2]) {
        await pause(1_000);
        await hawser.kill();
        hawser = await start();
      }
      await load;
      await until('all events arrive', () => tally.unique === UPDATES, 60_000).catch(() => {});
      process.stderr.write(
        `twin on ${kind}: ${tally.lostOf(UPDATES).length} of ${UPDATES} events lost, ${tally.duplicates} duplicates\n`,
      );
      expect(tally.lostOf(UPDATES)).toEqual([]);
      for (let n = 0; n < THINGS; n++) {
        const { status, value } = await ask('cmd', ['twin', 'retrieve'], `counter-${n}`, '/attributes');
        expect({ status, value }).toEqual({
          status: 200,
          value: { name: `no ${n}`, last: { number: UPDATES - THINGS + n } },
        });
      }
      if (kind === 'MongoDB') await dropDatabase(urls.mongodb, database);
    },
    180_000,
  );

  test('what waits at the broker is answered after a kill, though it is more than may be under way', async () => {
    const start = () => HawserProcess.start({ env: { HAWSER_DATA: data, HAWSER_MAX_IN_FLIGHT: '5' } });
    hawser = await start();
    await create(devices([source('cmd', ['integration:twin'])]));
    await ask('cmd', ['twin', 'create'], 'busy', '/', {});
    replies.length = 0;
    await hawser.kill();
    for (let n = 0; n < 100; n++) {
      const topic = 'org.acme/busy/things/twin/commands/modify';
      const message = { topic, headers: { 'correlation-id': `w-${n}` }, path: '/attributes/n', value: n };
      await device.publishAsync(`cmd/${run}`, JSON.stringify(message), { qos: 1 });
    }
    hawser = await start();
    const answered = () => new Set(replies.map(({ headers }) => headers['correlation-id'])).size;
    await until('all are answered', () => answered() === 100, 30_000).catch(() => {});
    expect(answered()).toBe(100);
  }, 60_000);

  test('with policies, who may not read sees nothing and who may not write changes nothing', async () => {
    hawser = await HawserProcess.start({ env: { HAWSER_DATA: data, HAWSER_TWIN_AUTHORIZATION: 'policies' } });
    await create(
      eventsTo(`out-${run}`, '_/_/things/twin/events?filter=exists(attributes/last)', ['nginx:owner']),
    );
    await create(devices([source('own', ['nginx:owner']), source('other', ['nginx:other'])]));
    expect(await ask('own', ['twin', 'create'], 'safe', '/', {})).toMatchObject({
      status: 201,
      value: { thingId: 'org.acme:safe', policyId: 'org.acme:safe' },
    });
    expect(await ask('other', ['twin', 'retrieve'], 'safe', '/')).toMatchObject({
      status: 404,
      value: { error: 'things:thing.notfound' },
    });
    expect(await ask('other', ['twin', 'modify'], 'safe', '/attributes/last', { number: 0 })).toMatchObject({
      status: 404,
    });
    expect(await ask('own', ['twin', 'modify'], 'safe', '/attributes/last', { number: 1 })).toMatchObject({
      status: 201,
    });
    await until('the owner is told', () => tally.unique === 1);
    expect(tally.lostOf(2)).toEqual([0]);
  }, 60_000);
});
