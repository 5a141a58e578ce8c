import { type ChannelModel, connect } from 'amqplib';

/** Counts numbered messages out of a quorum queue, through restarts of the broker. Quorum queues keep transient messages too. */
export class Tally {
  readonly #url: string;
  readonly #queue: string;
  readonly #seen = new Map<number, number>();
  #broker: ChannelModel | undefined;
  #closed = false;

  constructor(url: string, queue: string) {
    this.#url = url;
    this.#queue = queue;
  }

  async open(): Promise<void> {
    const broker = await connect(this.#url);
    this.#broker = broker;
    broker.on('error', () => {});
    broker.on('close', () => void this.#reopen());
    const channel = await broker.createChannel();
    channel.on('error', () => {});
    await channel.assertQueue(this.#queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.prefetch(200);
    await channel.consume(this.#queue, (message) => {
      if (message === null) return;
      const { value } = JSON.parse(message.content.toString()) as { value: { number: number } };
      this.#seen.set(value.number, (this.#seen.get(value.number) ?? 0) + 1);
      channel.ack(message);
    });
  }

  async #reopen(): Promise<void> {
    while (!this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      try {
        return await this.open();
      } catch {
        // not up yet
      }
    }
  }

  get unique(): number {
    return this.#seen.size;
  }

  get duplicates(): number {
    return [...this.#seen.values()].reduce((sum, count) => sum + count - 1, 0);
  }

  lostOf(count: number): readonly number[] {
    return Array.from({ length: count }, (_, i) => i).filter((number) => !this.#seen.has(number));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const channel = await this.#broker?.createChannel();
    await channel?.deleteQueue(this.#queue);
    await this.#broker?.close();
  }
}
