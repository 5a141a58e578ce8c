export { amqp10Adapter } from './amqp10/adapter.ts';
export { amqp091Adapter } from './amqp091/adapter.ts';
export { httpPushAdapter } from './httpPush/adapter.ts';
export { kafkaAdapter } from './kafka/adapter.ts';
export { mqttAdapter } from './mqtt/adapter.ts';
export { openSshTunnel } from './sshTunnel/sshTunnel.ts';
