import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  builtInEngines,
  type ClientSession,
  type Connection,
  compileConnection,
  defaultPipelineLimits,
  parseConnection,
} from '@hawser/core';
import { httpPushAdapter, mqttAdapter } from '@hawser/protocols';
import { describeWithServers } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { OpenSessions, startSessions } from './lines.ts';

interface Asked {
  readonly text: string;
  answer(status: number, body?: string): void;
}

describeWithServers('The line from MQTT to HTTP', ['mosquitto'], ({ mosquitto }) => {
  let device: MqttClient;
  let endpoint: Server;
  let asked: Asked[];
  let topic: string;
  let source: ClientSession;
  const sessions = new OpenSessions();

  beforeEach(async () => {
    topic = `hawser-test-${randomUUID()}`;
    asked = [];
    endpoint = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () =>
        asked.push({ text: Buffer.concat(chunks).toString(), answer: answerer(response) }),
      );
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    device = await connectAsync(mosquitto, { protocolVersion: 5 });
    const environment = {
      now: () => Date.now(),
      newId: randomUUID,
      engines: builtInEngines,
      limits: defaultPipelineLimits,
    };
    const all = startSessions([mqttAdapter, httpPushAdapter], {
      compile: (connection) => compileConnection(connection, environment),
    });
    await sessions.open(all, pushing());
    source = await sessions.open(all, consuming());
  });

  afterEach(async () => {
    await sessions.close();
    await device.endAsync(true);
    endpoint.closeAllConnections();
    await new Promise((resolve) => endpoint.close(resolve));
  });

  const pushing = (): Connection =>
    parseConnection({
      id: 'http-out',
      connectionType: 'http-push',
      connectionStatus: 'open',
      uri: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`,
      targets: [
        {
          address: 'POST:/push',
          topics: ['_/_/things/live/messages'],
          authorizationContext: ['test:subject'],
          issuedAcknowledgementLabel: 'http-out:stored',
        },
      ],
    });

  const consuming = (): Connection =>
    parseConnection({
      id: topic,
      connectionType: 'mqtt-5',
      connectionStatus: 'open',
      uri: mosquitto.replace(/^mqtt:/, 'tcp:'),
      specificConfig: { reconnectForRedelivery: 'true', reconnectForRedeliveryDelay: '1s' },
      sources: [
        {
          addresses: [topic],
          qos: 1,
          authorizationContext: ['test:subject'],
          acknowledgementRequests: { includes: ['http-out:stored'] },
        },
      ],
    });

  const send = async (value: string): Promise<void> => {
    const message = {
      topic: 'org.acme/pump-1/things/live/messages/alarm',
      headers: { 'response-required': false, 'content-type': 'text/plain' },
      path: '/inbox/messages/alarm',
      value,
    };
    await device.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  };

  const next = async (count: number): Promise<Asked> => {
    await until(() => asked.length >= count);
    const last = asked[count - 1];
    if (last === undefined) throw new Error('nobody asked');
    return last;
  };

  const acknowledged = (): string =>
    JSON.stringify(source.monitor.metrics()).match(/"acknowledged":\{"success":\{"PT1M":(\d+)/)?.[1] ?? '';

  test('a message is acknowledged at its source after the endpoint has answered', async () => {
    await send('first');
    const request = await next(1);
    expect(JSON.parse(request.text)).toMatchObject({ value: 'first' });
    await pause(200);
    expect(acknowledged()).toBe('0');
    request.answer(204);
    await until(() => acknowledged() === '1');
    await pause(1_500);
    expect(asked).toHaveLength(1);
  });

  test('an answer 500 brings the message again', async () => {
    await send('again');
    (await next(1)).answer(500, 'not now');
    const second = await next(2);
    expect(JSON.parse(second.text)).toMatchObject({ value: 'again' });
    second.answer(200);
    await until(() => acknowledged() === '1');
  });

  test('an answer 400 does not, and the next message goes its way', async () => {
    await send('bad');
    (await next(1)).answer(400, 'no');
    await pause(2_000);
    expect(asked).toHaveLength(1);
    await send('good');
    const second = await next(2);
    expect(JSON.parse(second.text)).toMatchObject({ value: 'good' });
    second.answer(200);
  });

  test('a request without an answer is sent again when the client is back, and nothing is lost', async () => {
    await send('lost');
    await next(1);
    endpoint.closeAllConnections();
    const second = await next(2);
    expect(JSON.parse(second.text)).toMatchObject({ value: 'lost' });
    expect(acknowledged()).toBe('0');
    second.answer(200);
    await until(() => acknowledged() === '1');
  });
});

const answerer =
  (response: ServerResponse) =>
  (status: number, body = ''): void => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(10);
}
