import type { Connection } from '@hawser/core';
import { amqp10Adapter, mqttAdapter } from '@hawser/protocols';
import {
  describeWithServers,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TcpProxy,
} from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import rhea, { type Connection as AmqpConnection, type EventContext, type Sender } from 'rhea';
import { message, OpenSessions, startSessions, uniqueName } from './lines.ts';

const adapters = [mqttAdapter, amqp10Adapter];

const once = (emitter: AmqpConnection | Sender, event: string): Promise<void> =>
  new Promise((resolve) => {
    emitter.once(event, () => resolve());
  });

describeWithServers('The line between AMQP 1.0 and MQTT', ['mosquitto', 'rabbitmq'], (urls) => {
  let device: MqttClient;
  let peer: AmqpConnection;
  let mqttProxy: TcpProxy;
  let amqpProxy: TcpProxy;
  let topic: string;
  let queue: string;
  let received: string[];
  let arrived: () => void;
  const sessions = new OpenSessions();

  beforeEach(async () => {
    [topic, queue] = [uniqueName(), `/queue/${uniqueName()}`];
    received = [];
    arrived = () => {};
    const [mqttUrl, amqpUrl] = [new URL(urls.mosquitto), new URL(urls.rabbitmq)];
    mqttProxy = await startTcpProxy({ host: mqttUrl.hostname, port: Number(mqttUrl.port) });
    amqpProxy = await startTcpProxy({ host: amqpUrl.hostname, port: Number(amqpUrl.port) });
    device = await connectAsync(urls.mosquitto, { protocolVersion: 5, clientId: uniqueName() });
    peer = rhea.create_container({ id: uniqueName() }).connect({
      host: amqpUrl.hostname,
      port: Number(amqpUrl.port),
      username: amqpUrl.username,
      password: amqpUrl.password,
      reconnect: false,
    });
    await once(peer, 'connection_open');
  });

  afterEach(async () => {
    await sessions.close();
    await device.endAsync(true);
    const closed = once(peer, 'connection_close');
    peer.close();
    await closed;
    await Promise.all([mqttProxy.close(), amqpProxy.close()]);
  });

  const mqtt = (port: string, parts: Partial<Connection>): Connection =>
    sampleConnection({
      id: uniqueName(),
      connectionType: 'mqtt-5',
      uri: `tcp://127.0.0.1:${port}`,
      ...parts,
    });
  const amqp = (port: string, parts: Partial<Connection>): Connection =>
    sampleConnection({
      id: uniqueName(),
      connectionType: 'amqp-10',
      uri: `amqp://guest:guest@127.0.0.1:${port}`,
      ...parts,
    });
  const portOf = (url: string): string => new URL(url).port;

  const arrive = (text: string): void => {
    received.push(JSON.parse(text));
    arrived();
  };

  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      arrived = () => {
        if (new Set(received).size >= count) resolve();
      };
      arrived();
    });

  /** Listens at the MQTT topic and gives what sends to the queue. */
  async function fromAmqp(): Promise<(n: number) => Promise<void>> {
    device.on('message', (_topic, payload) => arrive(payload.toString()));
    await device.subscribeAsync(topic, { qos: 1 });
    const sender = peer.open_sender({ target: { address: queue } });
    await once(sender, 'sendable');
    return async (n) => {
      const accepted = once(sender, 'accepted');
      sender.send({ body: message(n) });
      await accepted;
    };
  }

  /** Listens at the queue and gives what sends to the MQTT topic. */
  async function fromMqtt(): Promise<(n: number) => Promise<unknown>> {
    const receiver = peer.open_receiver({ source: { address: queue } });
    receiver.on('message', ({ message: delivered }: EventContext) => arrive(String(delivered?.body)));
    await new Promise<void>((resolve) => {
      receiver.once('receiver_open', () => resolve());
    });
    return (n) => device.publishAsync(topic, message(n), { qos: 1 });
  }

  const amqpSource = (port: string): Connection =>
    amqp(port, { sources: [sampleSource({ addresses: [queue] })] });
  const amqpTarget = (port: string): Connection =>
    amqp(port, { targets: [sampleTarget({ address: queue })] });
  const mqttSource = (port: string): Connection =>
    mqtt(port, { sources: [sampleSource({ addresses: [topic], qos: 1 })] });
  const mqttTarget = (port: string): Connection =>
    mqtt(port, { targets: [sampleTarget({ address: topic, qos: 1 })] });

  test('messages cross from AMQP 1.0 to MQTT in order', async () => {
    const send = await fromAmqp();
    const all = startSessions(adapters);
    await sessions.open(all, mqttTarget(portOf(urls.mosquitto)));
    await sessions.open(all, amqpSource(portOf(urls.rabbitmq)));
    for (let n = 0; n < 200; n++) await send(n);
    await until(200);
    expect(received).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });

  test('a message is not settled at AMQP 1.0 before MQTT has taken it', async () => {
    const send = await fromAmqp();
    const all = startSessions(adapters);
    await sessions.open(all, mqttTarget(String(mqttProxy.port)));
    const session = await sessions.open(all, amqpSource(portOf(urls.rabbitmq)));
    mqttProxy.freeze();
    await send(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The process dies here: nothing is drained.
    session.abort();
    expect(received).toEqual([]);
    const second = startSessions(adapters);
    await sessions.open(second, mqttTarget(portOf(urls.mosquitto)));
    await sessions.open(second, amqpSource(portOf(urls.rabbitmq)));
    await until(1);
    expect(received).toContain('1');
    mqttProxy.thaw();
  });

  test('messages cross from MQTT to AMQP 1.0 in order', async () => {
    const send = await fromMqtt();
    const all = startSessions(adapters);
    await sessions.open(all, amqpTarget(portOf(urls.rabbitmq)));
    await sessions.open(all, mqttSource(portOf(urls.mosquitto)));
    for (let n = 0; n < 200; n++) await send(n);
    await until(200);
    expect(received).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });

  test('nothing is lost while the AMQP 1.0 broker is away', async () => {
    const send = await fromMqtt();
    const all = startSessions(adapters);
    await sessions.open(all, amqpTarget(String(amqpProxy.port)));
    await sessions.open(all, mqttSource(portOf(urls.mosquitto)));
    await send(0);
    await until(1);
    await amqpProxy.refuse();
    for (let n = 1; n < 50; n++) await send(n);
    await amqpProxy.accept();
    await until(50);
    expect(new Set(received).size).toBe(50);
  });

  test('nothing is lost when the AMQP 1.0 source is reset again and again', async () => {
    const send = await fromAmqp();
    const all = startSessions(adapters);
    await sessions.open(all, mqttTarget(portOf(urls.mosquitto)));
    await sessions.open(all, amqpSource(String(amqpProxy.port)));
    for (let n = 0; n < 60; n++) {
      await send(n);
      if (n % 20 === 10) amqpProxy.reset();
    }
    await until(60);
    expect(new Set(received).size).toBe(60);
  });
});
