import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Connection } from '@hawser/core';
import { describeWithServers, makeTopics } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { uniqueName } from './inbox.ts';
import { startJavaMember } from './javaMember.ts';
import { aWhile, eventually, type TestClient, testClient } from './kafkaClients.ts';
import { type KafkaPeer, startKafkaPeer } from './kafkaPeer.ts';

/** A member that dies holds its partitions so long. */
const shortSession = { sessionTimeoutMs: 1_500, heartbeatIntervalMs: 300 };
const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `m${from + i}`);

describeWithServers('Kafka sources on a real broker', ['kafka'], ({ kafka: url }) => {
  let peer: KafkaPeer;
  let connection: Connection;
  let topic: string;
  const open: TestClient[] = [];

  beforeEach(async () => {
    peer = await startKafkaPeer(url);
    ({ connection } = await peer.connection());
    topic = connection.sources[0]?.addresses[0] ?? '';
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ client }) => client.close()));
    await peer.close();
  });

  async function start(subject = connection, config: Record<string, unknown> = {}): Promise<TestClient> {
    const client = testClient(subject, config);
    open.push(client);
    await client.client.open();
    return client;
  }

  const withSource = (parts: Partial<Connection['sources'][number]>): Connection => ({
    ...connection,
    sources: connection.sources.map((source) => ({ ...source, ...parts })),
  });

  test('a record comes with its headers, its key and where it is from', async () => {
    const { until, notes } = await start();
    await peer.send(topic, {
      partition: 0,
      key: 'k1',
      value: 'grün',
      timestamp: '1700000000000',
      headers: { device: 'd1', colour: ['red', 'blue'], 'correlation-id': 'c1' },
    });
    await peer.send(topic, { partition: 0, value: null });
    const [first, second] = await until(2);
    expect(first?.text).toBe('grün');
    expect(first?.message.headers).toEqual({
      device: 'd1',
      colour: 'blue',
      'correlation-id': 'c1',
      'kafka.topic': topic,
      'kafka.timestamp': '1700000000000',
      'kafka.key': 'k1',
    });
    expect(notes).toEqual([`failure: Dropped duplicated headers in record from topic ${topic} at offset #0`]);
    expect(second?.text).toBe('');
    expect(second?.message.headers['kafka.key']).toBeUndefined();
    expect(second?.message.headers['correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('an expired record and one that is too large are passed over and committed', async () => {
    const { client, until, received, refused } = await start();
    const created = String(Date.now() - 5_000);
    await peer.send(
      topic,
      { partition: 0, value: 'expired', headers: { 'creation-time': created, ttl: '5000' } },
      { partition: 0, value: 'alive', headers: { 'creation-time': created, ttl: '500000' } },
      { partition: 0, value: 'x'.repeat(65_537) },
    );
    (await until(1))[0]?.settle('accepted');
    await eventually('refused', () => refused.length > 0);
    expect(refused).toEqual(['Kafka record of more than 65536 bytes refused']);
    expect(received.map(({ text }) => text)).toEqual(['alive']);
    await client.close();
    expect(await peer.committed(connection.id, topic)).toEqual([3]);
  });

  test('offsets are committed up to the first unsettled record, and what comes after it comes again', async () => {
    const { client, until, acknowledged } = await start();
    await peer.send(topic, ...numbers(20));
    const received = await until(20);
    for (const index of [19, 2, 1, 18, 0, 5, 4]) received[index]?.settle('accepted');
    received[6]?.settle('rejected');
    expect(acknowledged.at(-1)).toBe('false: Message was rejected and no redelivery is requested');
    await client.close();
    expect(await peer.committed(connection.id, topic)).toEqual([3]);
    const next = await start();
    expect((await next.until(17)).map(({ text }) => text)).toEqual(numbers(17, 3));
  });

  test('settled records are committed in batches', async () => {
    const { until } = await start(connection, { commitMaxBatch: 10 });
    await peer.send(topic, ...numbers(25));
    const received = await until(25);
    for (const { settle } of received.slice(0, 9)) settle('accepted');
    await aWhile();
    expect(await peer.committed(connection.id, topic)).toEqual([0]);
    received[9]?.settle('accepted');
    await eventually('10 committed', async () => (await peer.committed(connection.id, topic))[0] === 10);
  });

  test('settled records are committed after a time', async () => {
    const { until } = await start(connection, { commitMaxIntervalMs: 200 });
    await peer.send(topic, ...numbers(3));
    for (const { settle } of await until(3)) settle('accepted');
    await eventually('3 committed', async () => (await peer.committed(connection.id, topic))[0] === 3);
  });

  test('no more than the window are under way, and one unsettled record holds what lies before its end', async () => {
    const { until, received } = await start(connection, { maxInFlight: 5 });
    await peer.send(topic, ...numbers(30));
    await until(5);
    for (const index of [1, 2, 3, 4]) received[index]?.settle('accepted');
    await aWhile();
    expect(received).toHaveLength(5);
    received[0]?.settle('accepted');
    await until(10);
  });

  test('a group that has committed nothing loses nothing that arrived after it began', async () => {
    const first = await start(connection, shortSession);
    await peer.send(topic, ...numbers(3));
    await first.until(3);
    await peer.proxy.refuse();
    await first.lost.take();
    await first.client.close();
    await peer.proxy.accept();
    const next = await start();
    expect((await next.until(3)).map(({ text }) => text)).toEqual(numbers(3));
  });

  test('a killed client leaves nothing unsettled behind, and repeats no more than a batch of what was settled', async () => {
    const first = await start(connection, { commitMaxBatch: 20, ...shortSession });
    await peer.send(topic, ...numbers(150));
    const received = await first.until(150);
    const order = Array.from({ length: 90 }, (_, i) => (i * 37) % 90);
    for (const index of order) received[index]?.settle('accepted');
    for (const index of [100, 120, 149]) received[index]?.settle('accepted');
    await eventually('a commit', async () => ((await peer.committed(connection.id, topic))[0] ?? 0) > 70);
    await peer.proxy.refuse();
    await first.client.close();
    await peer.proxy.accept();
    const next = await start();
    await eventually('the last one', () => next.received.some(({ text }) => text === 'm149'));
    const again = new Set(next.received.map(({ text }) => text));
    for (const text of numbers(60, 90)) expect(again).toContain(text);
    expect(numbers(90).filter((text) => again.has(text)).length).toBeLessThanOrEqual(20);
  });

  test('a redelivery restarts the consumer from the first unsettled record, slower each time', async () => {
    const { client, until, acknowledged, received } = await start(connection, { restartRandomFactor: 0 });
    await peer.send(topic, ...numbers(4));
    await until(4);
    received[0]?.settle('accepted');
    const began = Date.now();
    received[1]?.settle('redeliver');
    expect(acknowledged).toEqual([
      'true: Successfully acknowledged incoming signal.',
      'false: Message was rejected and redelivery is requested',
    ]);
    expect(client.resources()[0]).toMatchObject({
      status: 'closed',
      detail: 'Restarting because of rejected message.',
    });
    await until(7);
    expect(Date.now() - began).toBeGreaterThanOrEqual(100);
    expect(received.slice(4).map(({ text }) => text)).toEqual(['m1', 'm2', 'm3']);
    expect(client.resources()[0]).toMatchObject({ status: 'open', detail: 'Consumer started.' });
    // late word of the first delivery counts for nothing
    received[3]?.settle('accepted');
    const secondBegan = Date.now();
    received[4]?.settle('redeliver');
    await until(10);
    expect(Date.now() - secondBegan).toBeGreaterThanOrEqual(200);
    for (const { settle } of received.slice(7)) settle('accepted');
    await client.close();
    expect(await peer.committed(connection.id, topic)).toEqual([4]);
  });

  test('at most once: what was handed on is committed, however it ends; the window holds', async () => {
    const { client, until, received, acknowledged } = await start(withSource({ qos: 0 }), { maxInFlight: 3 });
    await peer.send(topic, ...numbers(5));
    await until(3);
    await aWhile();
    expect(received).toHaveLength(3);
    received[0]?.settle('redeliver');
    await until(4);
    expect(acknowledged).toEqual([]);
    await client.close();
    expect(await peer.committed(connection.id, topic)).toEqual([4]);
  });

  test('nothing is handed on while a client drains, and what is settled then is committed', async () => {
    const { client, until, received } = await start();
    await peer.send(topic, 'before');
    await until(1);
    await client.stopConsuming();
    await peer.send(topic, 'after');
    await aWhile();
    expect(received).toHaveLength(1);
    received[0]?.settle('accepted');
    await client.close();
    expect(await peer.committed(connection.id, topic)).toEqual([1]);
  });

  test('who closes does not wait for a fetch, and commits and leaves all the same', async () => {
    const { client, until } = await start(connection, { fetchMaxWaitMs: 8_000 });
    await peer.send(topic, 'a');
    (await until(1))[0]?.settle('accepted');
    await aWhile();
    const began = Date.now();
    await client.close();
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(await peer.committed(connection.id, topic)).toEqual([1]);
    const { groups } = await peer.admin.describeGroups([connection.id]);
    expect(groups[0]?.members).toEqual([]);
  });

  test('throttled sources take in so many records a time', async () => {
    const { received } = await start(connection, {
      isThrottling: true,
      throttlingLimit: 5,
      throttlingIntervalMs: 60_000,
    });
    await peer.send(topic, ...numbers(10));
    await eventually('five', () => received.length === 5);
    await aWhile();
    expect(received).toHaveLength(5);
  });

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'batches that are compressed with %s are read',
    async (type) => {
      const compressed = uniqueName();
      const configEntries = [{ name: 'compression.type', value: type }];
      await makeTopics(peer.admin, { topic: compressed, configEntries });
      const { until } = await start(withSource({ addresses: [compressed] }));
      const values = [
        'short',
        'x'.repeat(60_000),
        numbers(9_000).join(' '),
        Buffer.from(Array.from({ length: 30_000 }, (_, i) => ((i * i) % 96) + 32)).toString(),
        randomBytes(20_000).toString('base64'),
      ];
      await peer.send(compressed, ...values);
      await peer.send(compressed, 'alone');
      expect((await until(6)).map(({ text }) => text)).toEqual([...values, 'alone']);
    },
  );

  test('a group begins where it is told to', async () => {
    await peer.send(topic, 'old');
    const specificConfig = {
      ...connection.specificConfig,
      consumerOffsetReset: 'earliest',
      groupId: '{{connection:id}}-e',
    };
    const { client, until } = await start({ ...connection, specificConfig });
    const [old] = await until(1);
    expect(old?.text).toBe('old');
    old?.settle('accepted');
    await client.close();
    expect(await peer.committed(`${connection.id}-e`, topic)).toEqual([1]);
  });

  test('sources with different topics are members of one group, and each gets its own', async () => {
    const [other, third] = [await peer.createTopic(3), await peer.createTopic()];
    const [source] = connection.sources;
    if (source === undefined) throw new Error('no source');
    const subject = {
      ...connection,
      sources: [
        { ...source, addresses: [topic, other], consumerCount: 2 },
        { ...source, index: 1, addresses: [third] },
      ],
    };
    const { until, client } = await start(subject);
    await peer.send(topic, 'a0');
    for (const partition of [0, 1, 2]) await peer.send(other, { partition, value: `b${partition}` });
    await peer.send(third, 'c0');
    const received = await until(5);
    expect(received.map(({ text }) => text).sort()).toEqual(['a0', 'b0', 'b1', 'b2', 'c0']);
    for (const { settle } of received) settle('accepted');
    await client.close();
    expect(await peer.committed(connection.id, topic)).toEqual([1]);
    expect(await peer.committed(connection.id, other)).toEqual([1, 1, 1]);
    expect(await peer.committed(connection.id, third)).toEqual([1]);
  });

  test('two clients of a group share its partitions; when one joins or leaves, nothing is lost', async () => {
    const shared = await peer.createTopic(4);
    const subject = withSource({ addresses: [shared], consumerCount: 2 });
    const sent = new Set<string>();
    const send = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const value = `r${sent.size}`;
        sent.add(value);
        await peer.send(shared, { partition: i % 4, value });
      }
    };
    const settled = new Set<string>();
    const settleAll = ({ received }: TestClient): void => {
      for (const { text, settle } of received.splice(0)) {
        settle('accepted');
        settled.add(text);
      }
    };
    const first = await start(subject);
    expect(first.client.resources().map(({ status }) => status)).toEqual(['open', 'open', 'open']);
    await send(40);
    await first.until(40);
    settleAll(first);
    await send(20);
    await first.until(20);
    // these are under way when the other joins: not committed by the first one later
    const underWay = first.received.splice(0);
    const second = await start(subject);
    await eventually('the second has partitions', async () => {
      await send(4);
      settleAll(first);
      return second.received.length > 0;
    });
    for (const { settle } of underWay) settle('accepted');
    await eventually('all settled', () => {
      settleAll(first);
      settleAll(second);
      return settled.size === sent.size;
    });
    await first.client.close();
    await send(20);
    await eventually('the second has all', () => {
      settleAll(second);
      return settled.size === sent.size;
    });
    await second.client.close();
    const committed = await peer.committed(connection.id, shared);
    expect(committed.reduce((sum, offset) => sum + offset, 0)).toBe(sent.size);
  });

  test.each(['theirs', 'ours'])(
    'a member with Java’s client and we share a group; the leader is %s',
    async (leader) => {
      const shared = await peer.createTopic(4);
      const subject = withSource({ addresses: [shared] });
      const theirs: string[] = [];
      const join = async (): Promise<ChildProcess> => {
        const { child, lines } = startJavaMember(new URL(url).host, connection.id, shared);
        lines.on('line', (line) => theirs.push(line));
        await eventually('the other has a share', () => /^assigned/.test(theirs.at(-1) ?? ''));
        return child;
      };
      let java = leader === 'theirs' ? await join() : undefined;
      const ours = await start(subject);
      java ??= await join();
      const settled = new Set<string>();
      let sent = 0;
      const send = async (): Promise<void> => {
        for (const partition of [0, 1, 2, 3]) await peer.send(shared, { partition, value: `r${sent++}` });
      };
      const settle = (): void => {
        for (const { text, settle } of ours.received.splice(0)) {
          settle('accepted');
          settled.add(text);
        }
      };
      await eventually('both have a share', async () => {
        await send();
        settle();
        return settled.size > 0 && theirs.at(-1) === 'assigned 2';
      });
      await eventually('all are read', () => {
        settle();
        return Array.from({ length: sent }, (_, i) => `r${i}`).every(
          (text) => settled.has(text) || theirs.includes(text),
        );
      });
      java.stdin?.end('\n');
      await new Promise((resolve) => java?.once('exit', resolve));
      await send();
      await eventually('we have all partitions', () => {
        settle();
        return [1, 2, 3, 4].every((back) => settled.has(`r${sent - back}`));
      });
    },
  );
});
