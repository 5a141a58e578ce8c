import { describeAdapter, describeWithServers } from '@hawser/testkit';
import { amqp091Adapter } from '../src/amqp091/adapter.ts';
import { startAmqp091Peer } from './amqp091Peer.ts';

describeWithServers('AMQP 0.9.1 on a real broker', ['rabbitmq'], ({ rabbitmq: url }) => {
  describeAdapter('amqp-091', amqp091Adapter, { redelivers: true }, () => startAmqp091Peer(url));
});
