import type { Channel } from 'amqplib';

/**
 * The parts of amqplib 2.3.1 that are used beyond its published interface. The driver bounds frames (`maxFrameSize`) but
 * collects whatever body a content header announces. The version is pinned and the integration tests check it.
 */
interface Internals {
  accept(frame: { readonly size?: number }): unknown;
  readonly connection: { readonly stream: { destroy(reason: Error): void } };
}

/** Ends the network connection when the broker announces a body of more than `limit` bytes, before any of it is kept. */
export function guardContent(channel: Channel, limit: number): void {
  const internals = channel as unknown as Internals;
  const accept = internals.accept.bind(channel);
  internals.accept = (frame) => {
    if (frame.size !== undefined && frame.size > limit) {
      internals.connection.stream.destroy(new Error(`AMQP message of more than ${limit} bytes refused`));
      return undefined;
    }
    return accept(frame);
  };
}
