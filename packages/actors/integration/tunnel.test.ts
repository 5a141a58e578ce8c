import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientSession, Connection, JsonObject } from '@hawser/core';
import { amqp10Adapter, amqp091Adapter, mqttAdapter, openSshTunnel } from '@hawser/protocols';
import {
  describeWithServers,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TcpProxy,
} from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ChannelModel, connect } from 'amqplib';
import { connectAsync, type MqttClient } from 'mqtt';
import { defaultLineConfig, type ObservedSessions } from '../src/index.ts';
import { message, OpenSessions, startSessions } from './lines.ts';

describeWithServers('The line through SSH tunnels', ['sshd', 'mosquitto', 'rabbitmq'], (urls) => {
  const name = `hawser-test-tunnel-${process.pid}`;
  const file = (of: string): string =>
    readFileSync(join(process.env['HAWSER_TEST_SSH_KEYS'] ?? '', of), 'utf8');
  let device: MqttClient;
  let broker: ChannelModel;
  let proxy: TcpProxy;
  let source: Connection;
  let target: Connection;
  let all: ObservedSessions;
  const received = new Set<string>();
  const sessions = new OpenSessions();

  beforeEach(async () => {
    const { hostname, port } = new URL(urls.sshd);
    proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    device = await connectAsync(urls.mosquitto, { protocolVersion: 5, clientId: `${name}-device` });
    broker = await connect(urls.rabbitmq);
    const channel = await broker.createChannel();
    await channel.assertQueue(name, { durable: false, expires: 60_000 });
    await channel.consume(name, (delivery) => received.add(`${delivery?.content}`), { noAck: true });
    const sshTunnel: Connection['sshTunnel'] = {
      enabled: true,
      credentials: {
        type: 'public-key',
        username: process.env['HAWSER_TEST_SSH_USER'] ?? '',
        publicKey: file('client.pub.pem'),
        privateKey: file('client.pem'),
      },
      validateHost: true,
      knownHosts: [file('host.md5')],
      uri: `ssh://127.0.0.1:${proxy.port}`,
    };
    source = sampleConnection({
      id: `${name}-source`,
      connectionType: 'mqtt-5',
      uri: urls.mosquitto.replace(/^mqtt:/, 'tcp:'),
      sources: [sampleSource({ addresses: [name], qos: 1 })],
      sshTunnel,
    });
    target = sampleConnection({
      id: `${name}-target`,
      connectionType: 'amqp-091',
      uri: urls.rabbitmq,
      targets: [sampleTarget({ address: `/${name}` })],
      sshTunnel,
    });
    const client = { ...defaultLineConfig.client, minBackoffMs: 200 };
    all = startSessions([mqttAdapter, amqp091Adapter, amqp10Adapter], {
      openTunnel: openSshTunnel,
      config: { ...defaultLineConfig, client },
    });
  });

  afterEach(async () => {
    await sessions.close();
    await device.endAsync(true);
    await broker.close();
    await proxy.close();
  });

  async function open(connection: Connection): Promise<ClientSession> {
    all.monitor(connection.id).enableLogs(Date.now() + 60_000);
    return sessions.open(all, connection);
  }

  const tunnelOf = (session: ClientSession): JsonObject | undefined =>
    session.status().find(({ type }) => type === 'ssh');

  async function until(is: () => boolean): Promise<void> {
    while (!is()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  test('nothing is lost when the tunnels break under the messages', async () => {
    const session = await open(target);
    await open(source);
    expect(tunnelOf(session)).toMatchObject({ status: 'open', statusDetails: 'ssh tunnel established.' });
    const count = 400;
    for (let n = 0; n < count; n++) {
      await device.publishAsync(name, message(n), { qos: 1 });
      if (n % 150 === 100) proxy.reset();
    }
    await until(() => received.size >= count);
    const texts = JSON.stringify(session.monitor.logs());
    expect(texts).toContain('SSH Tunnel failed: ');
    expect(texts).toContain('SSH tunnel established successfully');
    expect(tunnelOf(session)).toMatchObject({ status: 'open' });
    await session.close();
    expect(tunnelOf(session)).toMatchObject({ status: 'closed' });
    expect(JSON.stringify(session.monitor.logs())).toContain('SSH Tunnel closed');
  });

  test('connections are tested through it', async () => {
    await expect(all.test(target)).resolves.toBe('Success(successfully connected + initialized mapper)');
    await expect(all.test(source)).resolves.toBe('Success(successfully connected + initialized mapper)');
    const amqp10: Connection = { ...target, connectionType: 'amqp-10', targets: [] };
    await expect(all.test(amqp10)).resolves.toBe('Success(successfully connected + initialized mapper)');
    const elsewhere = { ...target, uri: urls.rabbitmq.replace(/:\d+$/, ':1') };
    await expect(all.test(elsewhere)).rejects.toMatchObject({ status: 504 });
  });
});
