import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FluentServer } from '@fluent-org/logger';
import type { JsonObject } from '@hawser/core';
import { describeWithServers } from '@hawser/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { basic, HawserProcess, until } from './hawserProcess.ts';
import { dayCounts, retrieve } from './observe.ts';
import { rabbit } from './rabbit.ts';
import { Tally } from './tally.ts';

const amounts = { ok: 6_000, drop: 1_000, forbidden: 1_000, broken: 1_000, elsewhere: 500, lost: 500 };
type Kind = keyof typeof amounts;
const total = Object.values(amounts).reduce((sum, amount) => sum + amount, 0);
const namespaces: Partial<Record<Kind, string>> = { elsewhere: 'org.other', lost: 'org.lost' };

const payload = (kind: Kind, number: number): string =>
  kind === 'broken'
    ? 'this is no JSON'
    : JSON.stringify({
        topic: `${namespaces[kind] ?? 'org.hawser'}/device/things/live/messages/${kind}`,
        headers: {
          'content-type': 'application/json',
          'response-required': false,
          'correlation-id': `${kind}-${number}`,
        },
        path: `/outbox/messages/${kind}`,
        value: { number },
      });

const subjects = ['integration:observability'];

/** 10,000 messages with known outcomes: what the counters, the log, Fluentd and Prometheus say of them. */
describeWithServers('a connection under observation', ['mosquitto', 'rabbitmq'], (urls) => {
  const run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const topic = (kind: Kind) => `watch/${run}/${kind}`;
  const ids = { in: `in-${run}`, out: `out-${run}`, lost: `lost-${run}` };
  const data = mkdtempSync(join(tmpdir(), 'hawser-observe-'));
  const tally = new Tally(urls.rabbitmq, `watch-${run}`);
  const fluentd = new FluentServer({ listenOptions: { host: '127.0.0.1', port: 0 } });
  const published = new Map<string, number>();
  let hawser: HawserProcess;
  let device: MqttClient;

  const source = (kind: Kind, more: object = {}) => ({
    addresses: [topic(kind)],
    qos: 1,
    authorizationContext: subjects,
    headerMapping: {},
    ...more,
  });
  const target = (address: string, namespace: string) => ({
    address,
    topics: [`_/_/things/live/messages?namespaces=${namespace}`],
    authorizationContext: subjects,
    headerMapping: {},
  });
  const amqp = (id: string, targets: readonly object[]) => ({
    id,
    connectionType: 'amqp-091',
    connectionStatus: 'open',
    uri: `${urls.rabbitmq}/%2F`,
    targets,
  });
  const connections = [
    amqp(ids.out, [target(`/watch-${run}`, 'org.hawser')]),
    amqp(ids.lost, [target(`/nobody-${run}`, 'org.lost')]),
    {
      id: ids.in,
      connectionType: 'mqtt',
      connectionStatus: 'open',
      uri: urls.mosquitto,
      mappingDefinitions: {
        never: {
          mappingEngine: 'Ditto',
          options: {},
          incomingConditions: { never: 'fn:filter(header:mqtt.topic,"eq","b")' },
        },
      },
      sources: [
        source('ok'),
        source('drop', { payloadMapping: ['never'] }),
        source('forbidden', {
          enforcement: { input: '{{ source:address }}', filters: ['other/{{ thing:name }}'] },
        }),
        source('broken'),
        source('elsewhere'),
        source('lost'),
      ],
    },
  ];
  const start = (maxInFlight = 20_000) =>
    HawserProcess.start({
      args: ['--set', 'ditto.connectivity.connection.max-source-number=6'],
      env: {
        HAWSER_DATA: data,
        HAWSER_MAX_IN_FLIGHT: String(maxInFlight),
        CONNECTIVITY_LOGGER_PUBLISHER_ENABLED: 'true',
        CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_HOST: '127.0.0.1',
        CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_PORT: String(fluentd.port),
      },
    });

  beforeAll(async () => {
    fluentd.on('entry', (tag: string, _time: unknown, record: JsonObject) => {
      const key = `${tag} ${record['category']} ${record['type']} ${record['level']} ${record['message']}`;
      published.set(key, (published.get(key) ?? 0) + 1);
    });
    await fluentd.listen();
    await tally.open();
    device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
    hawser = await start();
    for (const connection of connections) {
      const created = await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
      if (created['status'] !== 201) throw new Error(JSON.stringify(created));
    }
    for (const id of Object.values(ids)) {
      await until(
        `${id} is open`,
        async () => (await retrieve(hawser, 'Status', id))['liveStatus'] === 'open',
      );
    }
    const sent: Promise<unknown>[] = [];
    for (const [kind, amount] of Object.entries(amounts) as [Kind, number][]) {
      for (let n = 0; n < amount; n++) {
        sent.push(device.publishAsync(topic(kind), payload(kind, n), { qos: 1 }));
        if (sent.length % 500 === 0) await Promise.all(sent.splice(0));
      }
    }
    await Promise.all(sent);
    await until(
      'everything is settled',
      async () => {
        const metrics = await retrieve(hawser, 'Metrics', ids.in);
        const counts = Object.values(
          dayCounts((metrics['sourceMetrics'] as JsonObject)['addressMetrics']),
        ).map(({ acknowledged = {} }) => (acknowledged['success'] ?? 0) + (acknowledged['failure'] ?? 0));
        return counts.reduce((sum, count) => sum + count, 0) >= total;
      },
      180_000,
    );
  }, 300_000);

  afterAll(async () => {
    await hawser?.stop();
    await device?.endAsync(true);
    await tally.close();
    await fluentd.close();
    rmSync(data, { recursive: true, force: true });
  });

  test('counts exactly what happened to every message', async () => {
    const metrics = await retrieve(hawser, 'Metrics', ids.in);
    const through = (amount: number) => ({
      consumed: { success: amount },
      mapped: { success: amount },
      enforced: { success: amount },
      acknowledged: { success: amount },
    });
    expect(dayCounts((metrics['sourceMetrics'] as JsonObject)['addressMetrics'])).toEqual({
      [topic('ok')]: through(amounts.ok),
      [topic('drop')]: {
        consumed: { success: amounts.drop },
        dropped: { success: amounts.drop },
        acknowledged: { success: amounts.drop },
      },
      [topic('forbidden')]: {
        consumed: { success: amounts.forbidden },
        enforced: { failure: amounts.forbidden },
        acknowledged: { success: amounts.forbidden },
      },
      [topic('broken')]: {
        consumed: { success: amounts.broken },
        acknowledged: { success: amounts.broken },
      },
      [topic('elsewhere')]: through(amounts.elsewhere),
      [topic('lost')]: through(amounts.lost),
    });
    expect(metrics['containsFailures']).toBe(true);
    const out = await retrieve(hawser, 'Metrics', ids.out);
    const concerned = amounts.ok + amounts.elsewhere + amounts.lost;
    expect(dayCounts((out['targetMetrics'] as JsonObject)['addressMetrics'])).toEqual({
      [`/watch-${run}`]: {
        dispatched: { success: concerned },
        filtered: { success: amounts.ok },
        mapped: { success: amounts.ok },
        published: { success: amounts.ok },
      },
      _responses: {},
    });
    expect(out['containsFailures']).toBe(false);
    const lost = await retrieve(hawser, 'Metrics', ids.lost);
    expect(dayCounts((lost['targetMetrics'] as JsonObject)['addressMetrics'])).toEqual({
      [`/nobody-${run}`]: {
        dispatched: { success: concerned },
        filtered: { success: amounts.lost },
        mapped: { success: amounts.lost },
        published: { failure: amounts.lost },
      },
      _responses: {},
    });
    // the queue is replicated: each of its messages is written twice to a disk that others use
    await until('all arrive', () => tally.unique >= amounts.ok, 150_000);
    expect(tally.unique).toBe(amounts.ok);
  }, 180_000);

  test('keeps the newest entries of each outcome in the log', async () => {
    const logs = await retrieve(hawser, 'Logs', ids.in);
    const entries = logs['connectionLogs'] as JsonObject[];
    const of = (kind: Kind, type: string, level: string) =>
      entries.filter((e) => e['address'] === topic(kind) && e['type'] === type && e['level'] === level);
    for (const [kind, type, level, text] of [
      [
        'ok',
        'consumed',
        'success',
        /^Received signal\. - Message headers: \[.*\] - Message payload: \{"topic"/,
      ],
      ['ok', 'mapped', 'success', /^Successfully mapped incoming signal with mapper <default>/],
      ['ok', 'enforced', 'success', /^Successfully applied enforcement on incoming signal\./],
      [
        'drop',
        'dropped',
        'success',
        /^Payload mapping of mapper <never> returned null, incoming message is dropped$/,
      ],
      ['forbidden', 'enforced', 'failure', /^Ran into a failure when enforcing incoming signal: /],
      [
        'broken',
        'mapped',
        'failure',
        /^Got exception <.*> when processing external message with mapper <.*>: /,
      ],
    ] as const) {
      const found = of(kind, type, level);
      expect([kind, type, found.length]).toEqual([kind, type, 10]);
      expect(found[9]?.['message']).toMatch(text);
    }
    expect(of('ok', 'mapped', 'success')[9]).toMatchObject({
      correlationId: `ok-${amounts.ok - 1}`,
      entityType: 'thing',
      entityId: 'org.hawser:device',
    });
    expect(JSON.stringify(entries).length).toBeLessThan(250_000);
    const lost = (await retrieve(hawser, 'Logs', ids.lost))['connectionLogs'] as JsonObject[];
    const refused = lost.filter(({ type, level }) => type === 'published' && level === 'failure');
    expect(refused).toHaveLength(10);
    expect(refused[0]?.['message']).toMatch(/^Ran into a failure when publishing signal: /);
  });

  test('publishes every entry to Fluentd', async () => {
    const tag = `connection:${ids.in}`;
    const expected = {
      [`${tag} source consumed success Message was consumed`]: total,
      [`${tag} source mapped success Successfully mapped incoming signal with mapper <default>`]:
        amounts.ok + amounts.elsewhere + amounts.lost,
      [`${tag} source dropped success Payload mapping of mapper <never> returned null, incoming message is dropped`]:
        amounts.drop,
      [`connection:${ids.out} target published success Message was published`]: amounts.ok,
    };
    await until(
      'all arrive',
      () => Object.entries(expected).every(([key, amount]) => published.get(key) === amount),
      20_000,
    ).catch(() => {});
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, published.get(key)]))).toEqual(
      expected,
    );
  });

  test('shows Prometheus the same counts, in a form that promtool takes', async () => {
    const { text, headers } = await hawser.request('GET', '/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    const labels = `id="${ids.in}",type="mqtt",category="consumed",direction="inbound",success="true"`;
    expect(text).toContain(`connection_messages{${labels}} ${total}\n`);
    expect(text).toContain(`connection_client{id="${ids.out}",type="amqp-091"} 1\n`);
    for (const name of [
      'message_mapping_seconds_bucket',
      'connection_log_seconds_sum{segment="message_prepared"}',
      'connection_log_seconds_sum{segment="message_internally_logged"}',
      'connectivity_ack_handling_seconds_count',
      'connectivity_ack_handling_counter',
      'hawser_publish_seconds_sum',
      'hawser_actor_mailbox_messages',
      'hawser_journal_append_seconds_bucket',
      'hawser_script_worker_restarts_total',
      'hawser_twin_changes_total',
      'hawser_twin_failures_total',
      'hawser_twin_waiting',
      'hawser_twin_cached',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(text).toContain(`\n${name}`);
    }
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    // 3: only remarks on style, which are on Ditto's names and those of the library
    expect([0, 3]).toContain(checked.status);
    expect(checked.stderr).not.toMatch(/error|invalid/i);
  });

  test('says in its status who does what since when', async () => {
    const status = await retrieve(hawser, 'Status', ids.in);
    expect(status).toMatchObject({
      type: 'connectivity.responses:retrieveConnectionStatus',
      connectionStatus: 'open',
      liveStatus: 'open',
      recoveryStatus: 'succeeded',
      clientStatus: [{ type: 'client', client: '1', status: 'open', statusDetails: 'CONNECTED' }],
    });
    expect(
      (status['sourceStatus'] as JsonObject[]).map(({ address, statusDetails }) => [address, statusDetails]),
    ).toEqual(Object.keys(amounts).map((kind) => [topic(kind as Kind), 'Consumer started.']));
    const out = await retrieve(hawser, 'Status', ids.out);
    expect(out['targetStatus']).toMatchObject([
      { type: 'target', status: 'open', statusDetails: 'Producer started.' },
    ]);
  });

  test('streams the log while it is written, as asked, and ends with the client', async () => {
    const events: string[] = [];
    const query = `?level=success&type=consumed&address=${encodeURIComponent(topic('ok'))}`;
    const request = get(
      `${hawser.url}/api/2/connections/${ids.in}/logs/stream${query}`,
      { headers: { authorization: basic('devops', 'foobar') } },
      (response) => response.setEncoding('utf8').on('data', (text: string) => events.push(text)),
    );
    request.on('error', () => undefined);
    await until('it begins', () => events.join('').includes(': the log from now on'));
    await device.publishAsync(topic('elsewhere'), payload('elsewhere', 1), { qos: 1 });
    await device.publishAsync(topic('ok'), payload('ok', 77_777), { qos: 1 });
    await until('the entry comes', () => events.join('').includes('event: entry'));
    const entries = events.join('').match(/data: .*/g) ?? [];
    expect(entries).toHaveLength(1);
    expect(JSON.parse(entries[0]?.slice(6) ?? '')).toMatchObject({ type: 'consumed', address: topic('ok') });
    request.destroy();
    const unknown = await hawser.request('GET', '/api/2/connections/nobody/logs/stream');
    expect(unknown).toMatchObject({ status: 404, body: { error: 'connectivity:connection.notfound' } });
    const invalid = await hawser.request('GET', '/api/2/connections/no%20id/logs/stream');
    expect(invalid).toMatchObject({ status: 400, body: { error: 'connectivity:connection.id.invalid' } });
  });

  test('a hundred clients that do not read cost little and hold nobody up', async () => {
    const requests = Array.from({ length: 100 }, () =>
      get(`${hawser.url}/api/2/connections/${ids.in}/logs/stream`, {
        headers: { authorization: basic('devops', 'foobar') },
      })
        .on('response', (response) => response.pause())
        .on('error', () => undefined),
    );
    await Promise.all(requests.map((request) => new Promise((resolve) => request.once('response', resolve))));
    const before = memoryOf(hawser.pid);
    const sent = Array.from({ length: 2_000 }, (_, n) =>
      device.publishAsync(topic('drop'), payload('drop', n), { qos: 1 }),
    );
    await Promise.all(sent);
    expect(memoryOf(hawser.pid) - before).toBeLessThan(200);
    const refused = await hawser.request('GET', `/api/2/connections/${ids.in}/logs/stream`);
    expect(refused.body).toMatchObject({ error: 'hawser:overloaded' });
    for (const request of requests) request.destroy();
  });

  test('reset, close, open and a restart do what they say', async () => {
    const command = (name: string) =>
      hawser.piggyback(
        { type: `connectivity.commands:${name}`, connectionId: ids.in },
        { 'correlation-id': `by-${name}` },
      );
    await command('resetConnectionLogs');
    expect((await retrieve(hawser, 'Logs', ids.in))['connectionLogs']).toMatchObject([
      {
        correlationId: 'by-resetConnectionLogs',
        category: 'connection',
        message: 'Successfully reset the logs.',
        entityType: 'connection',
        entityId: ids.in,
      },
    ]);
    await command('resetConnectionMetrics');
    const after = await retrieve(hawser, 'Metrics', ids.in);
    const addresses = (after['sourceMetrics'] as JsonObject)['addressMetrics'] as Record<string, JsonObject>;
    expect(Object.values(dayCounts(addresses)).every((counts) => Object.keys(counts).length === 0)).toBe(
      true,
    );
    expect(addresses[topic('ok')]).toMatchObject({
      consumed: { success: { PT24H: 0, lastMessageAt: expect.any(String) } },
    });
    await device.publishAsync(topic('ok'), payload('ok', 88_888), { qos: 1 });
    const consumed = async () =>
      dayCounts(
        ((await retrieve(hawser, 'Metrics', ids.in))['sourceMetrics'] as JsonObject)['addressMetrics'],
      )[topic('ok')]?.['consumed'];
    await until('it is counted', async () => (await consumed())?.['success'] === 1);
    await command('closeConnection');
    expect(await retrieve(hawser, 'Logs', ids.in)).toMatchObject({
      connectionLogs: [],
      enabledSince: null,
      enabledUntil: null,
    });
    expect(await retrieve(hawser, 'Metrics', ids.in)).toMatchObject({
      connectionMetrics: { inbound: null, outbound: null },
      sourceMetrics: { addressMetrics: null },
    });
    expect(await retrieve(hawser, 'Status', ids.in)).toMatchObject({
      connectionStatus: 'closed',
      clientStatus: [{ statusDetails: '[DISCONNECTED] connection is closed', client: '1' }],
    });
    await command('openConnection');
    expect(await consumed()).toEqual({ success: 1 });
    const logs = await retrieve(hawser, 'Logs', ids.in);
    expect((logs['connectionLogs'] as JsonObject[]).map(({ message }) => message)).toContain(
      'Connection successful',
    );
    const day = Date.parse(String(logs['enabledUntil'])) - Date.parse(String(logs['enabledSince']));
    expect(Math.round(day / 3_600_000)).toBe(24);
    await hawser.stop();
    hawser = await start(20);
    await until(
      'it is open again',
      async () => (await retrieve(hawser, 'Status', ids.in))['liveStatus'] === 'open',
    );
    expect(await consumed()).toBeUndefined();
    expect(await retrieve(hawser, 'Logs', ids.in)).toMatchObject({ enabledSince: null });

    await command('enableConnectionLogs');
    const throttledMinutes = async () => {
      const metrics = await retrieve(hawser, 'Metrics', ids.in);
      const { throttled = {} } =
        dayCounts((metrics['sourceMetrics'] as JsonObject)['addressMetrics'])[topic('ok')] ?? {};
      return throttled['failure'] ?? 0;
    };
    // what is not confirmed stays under way
    rabbit.freeze();
    try {
      const sent = Array.from({ length: 500 }, (_, n) =>
        device.publishAsync(topic('ok'), payload('ok', n), { qos: 1 }),
      );
      await until('the source is throttled', async () => (await throttledMinutes()) > 0);
      await Promise.all(sent);
    } finally {
      rabbit.thaw();
    }
    await until('all are consumed', async () => (await consumed())?.['success'] === 500);
    const throttled = ((await retrieve(hawser, 'Logs', ids.in))['connectionLogs'] as JsonObject[]).filter(
      ({ type }) => type === 'throttled',
    );
    expect(throttled[0]).toMatchObject({
      level: 'failure',
      address: topic('ok'),
      message: `Throttling event occurred for inbound throttled metric at address '${topic('ok')}'.`,
    });
    // the run may have crossed from one minute into the next
    expect(throttled.length).toBeLessThanOrEqual(2);
  });
});

/** Resident memory of a process, MiB. */
function memoryOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024;
}
