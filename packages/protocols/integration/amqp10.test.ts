import { describeAdapter, describeWithServers } from '@hawser/testkit';
import { amqp10Adapter } from '../src/amqp10/adapter.ts';
import { startAmqp10Peer } from './amqp10Peer.ts';

describeWithServers('AMQP 1.0 on RabbitMQ', ['rabbitmq'], ({ rabbitmq: url }) => {
  describeAdapter('amqp-10', amqp10Adapter, { redelivers: true }, () =>
    startAmqp10Peer(url, { queue: (name) => `/queue/${name}` }),
  );
});
