import { MisconfiguredError } from '@hawser/core';
import { realClock, sampleConnection, silentLog } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { kafkaAdapter } from './adapter.ts';

const connection = sampleConnection({
  connectionType: 'hono',
  uri: 'tcp://127.0.0.1:1',
  specificConfig: { bootstrapServers: '127.0.0.1:1' },
});
const context = {
  clock: realClock,
  log: silentLog,
  clientId: 'c',
  maxInboundBytes: 1_000,
  maxInFlight: 10,
  config: {},
  carry: new Map(),
};
const ignore = { message: () => {}, lost: () => {} };

test('a tunnel does not lead to the brokers of a cluster: nobody is told that it does', async () => {
  const tunnelled = { ...context, tunnel: { host: '127.0.0.1', port: 1 } };
  const client = kafkaAdapter.createClient(connection, ignore, tunnelled);
  await expect(client.open()).rejects.toThrow(
    new MisconfiguredError('SSH tunneling is not supported for Kafka.'),
  );
  await client.close();
  await expect(kafkaAdapter.test(connection, tunnelled)).rejects.toThrow(
    'SSH tunneling is not supported for Kafka.',
  );
});

test('a client that is not open publishes nothing, and closes at once', async () => {
  const client = kafkaAdapter.createClient(connection, ignore, context);
  await expect(
    client.publish({ address: 't', qos: undefined, targetIndex: 0 }, { headers: {}, text: 'x' }),
  ).rejects.toThrow('Kafka client is not open.');
  expect(client.resources()).toEqual([]);
  await client.close();
});
