import type { ConnectionType } from '@hawser/core';
import {
  type BrokerConnection,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TestBroker,
} from '@hawser/testkit';
import { connectAsync } from 'mqtt';
import { Inbox, uniqueName } from './inbox.ts';

/** A peer at a real broker with its own MQTT client; the adapter under test comes through a proxy. */
export async function startMqttPeer(
  url: string,
  connectionType: Extract<ConnectionType, 'mqtt' | 'mqtt-5'>,
  qos: 1 | 2,
): Promise<TestBroker> {
  const { hostname, port } = new URL(url);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const peer = await connectAsync(url, { protocolVersion: 5, clientId: uniqueName() });
  return {
    async connection(): Promise<BrokerConnection> {
      const id = uniqueName();
      const [source, target] = [`${id}/in`, `${id}/out`];
      const inbox = new Inbox();
      peer.on('message', (topic, payload) => {
        if (topic === target) inbox.put(payload.toString());
      });
      await peer.subscribeAsync(target, { qos });
      return {
        connection: sampleConnection({
          id,
          connectionType,
          uri: `tcp://127.0.0.1:${proxy.port}`,
          sources: [sampleSource({ addresses: [source], qos })],
          targets: [sampleTarget({ address: target, qos })],
          specificConfig: { reconnectForRedelivery: 'true', reconnectForRedeliveryDelay: '1s' },
        }),
        targetAddress: target,
        send: async (text) => {
          await peer.publishAsync(source, text, { qos });
        },
        receive: () => inbox.take(),
        disconnect: async () => proxy.reset(),
      };
    },
    async close() {
      await peer.endAsync(true);
      await proxy.close();
    },
  };
}
