// A transport of one's own: whatever moves messages can stand behind a connection. This one moves them within the process.

/** Serves connections of the given types without any broker. */
export class LoopTransport {
  connectionTypes;
  /** The address is made up: nobody listens there. */
  probesSocket = false;
  /** `{address, text}` of everything that left. */
  published = [];
  #clients = new Map();
  #waiting = new Map();

  constructor(connectionTypes) {
    this.connectionTypes = connectionTypes;
  }

  /** One session of a connection with its broker. `events.message` hands a message in and says how it was settled. */
  createClient(connection, events) {
    const open = () => {
      this.#clients.set(connection.id, { connection, events });
      for (const resolve of this.#waiting.get(connection.id) ?? []) resolve();
    };
    return {
      open: async () => open(),
      publish: async ({ address }, { text }) => {
        this.published.push({ address, text });
        return { status: 200 };
      },
      resources: () => [
        ...connection.sources.flatMap(({ addresses }) => addresses.map((address) => up('source', address))),
        ...connection.targets.map(({ address }) => up('target', address)),
      ],
      stopConsuming: async () => {},
      close: async () => {
        this.#clients.delete(connection.id);
      },
    };
  }

  /** Answers `testConnection`. */
  async test() {}

  /** Resolves when the connection has opened. */
  async opened(id) {
    if (this.#clients.has(id)) return;
    await new Promise((resolve) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
    });
  }

  /** A message comes in at `address`. Resolves with its settlement: `accepted`, `redeliver` or `rejected`. */
  receive(address, message) {
    const [{ connection, events }] = this.#clients.values();
    const [source] = connection.sources;
    return new Promise((resolve) => {
      events.message(
        { headers: { 'content-type': 'application/vnd.eclipse.ditto+json' }, text: JSON.stringify(message) },
        { sourceIndex: source.index, configuredAddress: source.addresses[0], address },
        resolve,
      );
    });
  }
}

const up = (type, address) => ({ type, address, status: 'open', detail: 'In this process.' });
