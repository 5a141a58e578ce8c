import type { ClientContext, ProtocolAdapter } from '@hawser/core';
import { describeAdapter, describeWithServers } from '@hawser/testkit';
import { kafkaAdapter } from '../src/kafka/adapter.ts';
import { startKafkaPeer } from './kafkaPeer.ts';

/** A consumer that leaves waits for its last fetch: long ones make tests long. */
const impatient = (context: ClientContext): ClientContext => ({
  ...context,
  config: { fetchMaxWaitMs: 100, ...context.config },
});

const adapter: ProtocolAdapter = {
  ...kafkaAdapter,
  createClient: (connection, events, context) =>
    kafkaAdapter.createClient(connection, events, impatient(context)),
};

describeWithServers('Kafka on a real broker', ['kafka'], ({ kafka: url }) => {
  describeAdapter('kafka', adapter, { redelivers: true }, () => startKafkaPeer(url));
});
