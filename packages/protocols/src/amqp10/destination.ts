/** What a target address stands for (connectivity/service/.../messaging/amqp/AmqpTarget.java). */
export interface Destination {
  readonly name: string;
  readonly kind: 'queue' | 'topic';
}

const topicPrefix = 'topic://';
const queuePrefix = 'queue://';

export function destinationOf(address: string): Destination {
  if (address.startsWith(topicPrefix)) return { name: address.replaceAll(topicPrefix, ''), kind: 'topic' };
  return {
    name: address.startsWith(queuePrefix) ? address.replaceAll(queuePrefix, '') : address,
    kind: 'queue',
  };
}
