import type {
  ConnectionClient,
  ExternalMessage,
  PublishEnd,
  PublishResult,
  PublishTarget,
  ResourceStatus,
} from '@hawser/core';

type Client = ConnectionClient & Required<Pick<ConnectionClient, 'publishWith'>>;

/** A client whose code is loaded when it opens: a service without such connections starts without it. */
export class LazyClient implements ConnectionClient {
  readonly #name: string;
  readonly #create: () => Promise<Client>;
  #client: Client | undefined;
  #isClosed = false;

  /** @param name of the protocol, for who publishes too early */
  constructor(name: string, create: () => Promise<Client>) {
    this.#name = name;
    this.#create = create;
  }

  async open(): Promise<void> {
    const client = await this.#create();
    if (this.#isClosed) throw new Error(`${this.#name} client was closed.`);
    this.#client = client;
    await client.open();
  }

  publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult> {
    return this.#client?.publish(target, message) ?? Promise.reject(this.#notOpen());
  }

  publishWith(target: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    if (this.#client === undefined) ended({ error: this.#notOpen() });
    else this.#client.publishWith(target, message, ended);
  }

  resources(): readonly ResourceStatus[] {
    return this.#client?.resources() ?? [];
  }

  async stopConsuming(): Promise<void> {
    await this.#client?.stopConsuming();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.close();
  }

  #notOpen(): Error {
    return new Error(`${this.#name} client is not open.`);
  }
}
