import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import mqtt from 'mqtt';
import { bridgeSource, bridgeTarget, liveMessage } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';
import { retrieve } from './observe.ts';

interface Exported {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

describeWithServers('traces', ['mosquitto', 'rabbitmq'], (urls) => {
  test('a message takes its trace from MQTT 5 to AMQP, with a span for each stage', async () => {
    const run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
    const data = mkdtempSync(join(tmpdir(), 'hawser-tracing-'));
    const spans: Exported[] = [];
    const collector = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(body) as {
          resourceSpans: { scopeSpans: { spans: Exported[] }[] }[];
        };
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const broker = await connect(urls.rabbitmq);
    const channel = await broker.createChannel();
    await channel.assertQueue(`trace-${run}`, { durable: false, exclusive: true });
    const headers: Record<string, unknown>[] = [];
    await channel.consume(`trace-${run}`, (message) => headers.push(message?.properties.headers ?? {}), {
      noAck: true,
    });
    const device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'), { protocolVersion: 5 });
    const hawser = await HawserProcess.start({
      env: {
        HAWSER_DATA: data,
        HAWSER_TRACING_ENABLED: 'true',
        HAWSER_TRACING_ENDPOINT: `http://127.0.0.1:${port}`,
      },
    });
    try {
      const connections = [
        bridgeTarget(urls.rabbitmq, `trace-${run}`, `out-${run}`),
        bridgeSource(urls.mosquitto, `trace/${run}`, `in-${run}`, {
          connectionType: 'mqtt-5',
          specificConfig: {},
        }),
      ];
      for (const connection of connections) {
        await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
        await until(
          'it is open',
          async () => (await retrieve(hawser, 'Status', connection.id))['liveStatus'] === 'open',
        );
      }
      const [traceId, deviceSpan] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
      await device.publishAsync(`trace/${run}`, liveMessage(1), {
        qos: 1,
        properties: { userProperties: { traceparent: `00-${traceId}-${deviceSpan}-01` } },
      });
      await until('it arrives', () => headers.length === 1);
      await until('its spans arrive', () => spans.length >= 4);
      const of = (name: string) => spans.find((span) => span.name === name);
      const received = of('hawser.receive');
      expect(received).toMatchObject({ traceId, parentSpanId: deviceSpan });
      for (const name of ['hawser.map.inbound', 'hawser.map.outbound', 'hawser.publish']) {
        expect(of(name)).toMatchObject({ traceId, parentSpanId: received?.spanId });
      }
      expect(headers[0]?.['traceparent']).toBe(`00-${traceId}-${of('hawser.publish')?.spanId}-01`);
    } finally {
      await hawser.stop();
      await device.endAsync(true);
      await broker.close();
      collector.close();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
