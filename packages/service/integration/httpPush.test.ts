import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { bridgeSource, liveMessage } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';
import { dayCounts, retrieve } from './observe.ts';

interface Got {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly value?: { readonly number: number } };
}

/** Numbers that the endpoint refuses. */
const REFUSED = 13;

describeWithServers('HTTP push in the running service', ['mosquitto'], ({ mosquitto }) => {
  const topic = `hawser/push-${process.pid}`;
  const got: Got[] = [];
  let data: string;
  let hawser: HawserProcess;
  let device: MqttClient;
  let endpoint: Server;

  beforeAll(async () => {
    endpoint = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        const body = JSON.parse(Buffer.concat(chunks).toString());
        got.push({ line: `${method} ${url}`, headers, body });
        const isRefused = body.value.number === REFUSED;
        response.writeHead(isRefused ? 422 : 200, { 'content-type': 'application/json' });
        response.end(isRefused ? '{"why":"unlucky"}' : '{"ok":true}');
      });
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    data = mkdtempSync(join(tmpdir(), 'hawser-push-'));
    device = await mqtt.connectAsync(mosquitto.replace('tcp:', 'mqtt:'));
    hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
  });

  afterAll(async () => {
    await hawser.stop();
    await device.endAsync();
    endpoint.closeAllConnections();
    endpoint.close();
    rmSync(data, { recursive: true, force: true });
  });

  const pushing = (parts: Record<string, unknown> = {}) => ({
    id: 'push-out',
    connectionType: 'http-push',
    connectionStatus: 'closed',
    uri: `http://user:s3cret@127.0.0.1:${(endpoint.address() as AddressInfo).port}/api`,
    specificConfig: { parallelism: '2' },
    targets: [
      {
        address: 'POST:/things/{{ thing:id }}',
        topics: ['_/_/things/live/messages'],
        authorizationContext: ['integration:bridge'],
        headerMapping: { 'x-correlation': '{{ header:correlation-id }}' },
        issuedAcknowledgementLabel: '{{connection:id}}:stored',
      },
    ],
    ...parts,
  });

  test('a connection is tested, created and opened', async () => {
    expect(
      await hawser.piggyback({ type: 'connectivity.commands:testConnection', connection: pushing() }),
    ).toMatchObject({
      status: 200,
      testResult: 'Success(successfully connected + initialized mapper)',
    });
    for (const connection of [pushing(), bridgeSource(mosquitto, topic, 'push-in')]) {
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection }),
      ).toMatchObject({ status: 201 });
    }
    const connectionId = 'push-out';
    await hawser.piggyback({ type: 'connectivity.commands:enableConnectionLogs', connectionId });
    for (const id of ['push-out', 'push-in'])
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: id }),
      ).toMatchObject({ status: 200 });
    expect(await retrieve(hawser, 'Status', connectionId)).toMatchObject({
      liveStatus: 'open',
      targetStatus: [
        {
          address: 'POST:/things/{{ thing:id }}',
          status: 'unknown',
          statusDetails: 'Producers for targets with placeholders are started on-demand.',
        },
      ],
    });
  });

  test('a place where nobody listens fails the test of a connection', async () => {
    const connection = pushing({ id: 'nowhere', uri: 'http://127.0.0.1:1' });
    expect(
      await hawser.piggyback({ type: 'connectivity.commands:testConnection', connection }),
    ).toMatchObject({
      status: 504,
      error: 'connectivity:connection.failed',
      description: expect.stringContaining("Could not establish a connection on '127.0.0.1:1'."),
    });
  });

  test('what a device sends arrives as requests', async () => {
    for (const number of [1, REFUSED, 2]) await device.publishAsync(topic, liveMessage(number), { qos: 1 });
    await until('three requests', () => got.length >= 3);
    expect(got.map(({ body }) => body.value?.number).sort()).toEqual([1, REFUSED, 2].sort());
    expect(got[0]).toMatchObject({
      line: 'POST /api/things/org.hawser:device-1',
      headers: {
        authorization: `Basic ${Buffer.from('user:s3cret').toString('base64')}`,
        'user-agent': expect.stringMatching(/^eclipse-ditto\/\d/),
        'x-correlation': expect.stringMatching(/^m-/),
        'content-type': 'application/vnd.eclipse.ditto+json',
      },
    });
  });

  test('metrics and logs tell of them, and no secret', async () => {
    const address = 'POST:/things/{{ thing:id }}';
    await until('the answers are counted', async () => {
      const { targetMetrics } = await retrieve(hawser, 'Metrics', 'push-out');
      const counts = dayCounts((targetMetrics as { addressMetrics: unknown }).addressMetrics)[address];
      return counts?.['published']?.['success'] === 2 && counts?.['published']?.['failure'] === 1;
    });
    const text = JSON.stringify(await retrieve(hawser, 'Logs', 'push-out'));
    for (const part of [
      'HTTP request took <',
      'Got non success status code: <422> and body: <{\\"why\\":\\"unlucky\\"}>',
      'No CommandResponse created from HTTP response with status <200 OK> and body <{\\"ok\\":true}>.',
    ])
      expect(text.replaceAll('\\\\\\"', '\\"')).toContain(part);
    expect(text).not.toContain('s3cret');
    expect(JSON.stringify(hawser.lines)).not.toContain('s3cret');
  });

  test('an endpoint that goes away fails the connection, which comes back with it', async () => {
    const { port } = endpoint.address() as AddressInfo;
    endpoint.closeAllConnections();
    await new Promise((resolve) => endpoint.close(resolve));
    got.length = 0;
    await device.publishAsync(topic, liveMessage(3), { qos: 1 });
    await until('the connection has failed', async () => {
      const { liveStatus, clientStatus } = await retrieve(hawser, 'Status', 'push-out');
      const [client] = clientStatus as unknown as { statusDetails: string }[];
      return liveStatus !== 'open' && /127\.0\.0\.1/.test(client?.statusDetails ?? '');
    });
    await new Promise<void>((resolve) => endpoint.listen(port, '127.0.0.1', resolve));
    await until('the message that waited arrives', () => got.length > 0);
    expect(got[0]?.body.value?.number).toBe(3);
  });
});
