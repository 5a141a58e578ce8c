import type { Connection } from '@hawser/core';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';
import {
  describeWithServers,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TcpProxy,
} from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { connectAsync, type MqttClient } from 'mqtt';
import { defaultLineConfig } from '../src/index.ts';
import { message, OpenSessions, startSessions, uniqueName } from './lines.ts';

const adapters = [mqttAdapter, amqp091Adapter];

describeWithServers('The line from MQTT to AMQP 0.9.1', ['mosquitto', 'rabbitmq'], (urls) => {
  let device: MqttClient;
  let broker: ChannelModel;
  let proxy: TcpProxy;
  let source: Connection;
  let target: Connection;
  let received: string[];
  let arrived: () => void;
  const sessions = new OpenSessions();

  beforeEach(async () => {
    const topic = uniqueName();
    const queue = uniqueName();
    const { hostname, port } = new URL(urls.rabbitmq);
    proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    device = await connectAsync(urls.mosquitto, { protocolVersion: 5, clientId: uniqueName() });
    broker = await connect(urls.rabbitmq);
    const channel = await broker.createChannel();
    await channel.assertQueue(queue, { durable: false, expires: 60_000 });
    received = [];
    arrived = () => {};
    await channel.consume(
      queue,
      (delivery: ConsumeMessage | null) => {
        if (delivery === null) return;
        received.push(JSON.parse(delivery.content.toString()).split(' ')[0]);
        arrived();
      },
      { noAck: true },
    );
    source = sampleConnection({
      id: uniqueName(),
      connectionType: 'mqtt-5',
      uri: urls.mosquitto.replace(/^mqtt:/, 'tcp:'),
      sources: [sampleSource({ addresses: [topic], qos: 1 })],
    });
    target = sampleConnection({
      id: uniqueName(),
      connectionType: 'amqp-091',
      uri: `amqp://guest:guest@127.0.0.1:${proxy.port}`,
      targets: [sampleTarget({ address: `/${queue}` })],
    });
  });

  afterEach(async () => {
    await sessions.close();
    await device.endAsync(true);
    await broker.close();
    await proxy.close();
  });

  const send = (n: number): Promise<unknown> =>
    device.publishAsync(source.sources[0]?.addresses[0] ?? '', message(n), { qos: 1 });

  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      arrived = () => {
        if (new Set(received).size >= count) resolve();
      };
      arrived();
    });

  test('messages cross in order', async () => {
    const all = startSessions(adapters);
    await sessions.open(all, target);
    await sessions.open(all, source);
    for (let n = 0; n < 200; n++) await send(n);
    await until(200);
    expect(received).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });

  test('a message is not acknowledged at its source before its publish was confirmed', async () => {
    const all = startSessions(adapters);
    await sessions.open(all, target);
    const session = await sessions.open(all, source);
    proxy.freeze();
    await send(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The process dies here: nothing is drained. What the source broker still holds comes again to the next client.
    session.abort();
    expect(received).toEqual([]);
    proxy.thaw();
    const second = startSessions(adapters);
    await sessions.open(second, { ...target, uri: urls.rabbitmq });
    await sessions.open(second, source);
    await until(1);
    expect(received).toContain('1');
  });

  test('nothing is lost while the target broker is away', async () => {
    const all = startSessions(adapters);
    await sessions.open(all, target);
    await sessions.open(all, source);
    await send(0);
    await until(1);
    await proxy.refuse();
    for (let n = 1; n < 50; n++) await send(n);
    await proxy.accept();
    await until(50);
    expect(new Set(received).size).toBe(50);
  });

  test('a target that does not answer fails publishes by time, and then at once', async () => {
    const all = startSessions(adapters, { config: { ...defaultLineConfig, publishTimeoutMs: 500 } });
    const session = await sessions.open(all, target);
    await sessions.open(all, source);
    proxy.freeze();
    await send(0);
    await new Promise((resolve) => setTimeout(resolve, 800));
    await send(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const metrics = JSON.stringify(session.monitor.metrics());
    expect(metrics).toMatch(/"published":\{"success":\{"PT1M":0.*?"failure":\{"PT1M":2/);
    proxy.thaw();
    await send(2);
    await until(1);
  });
});
