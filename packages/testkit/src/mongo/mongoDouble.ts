import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { BSON, type Document, Long, ObjectId } from 'bson';
import { DUPLICATE_KEY, MongoCollection } from './mongoCollection.ts';
import { type MongoRequest, MongoRequestReader, mongoReply } from './mongoWire.ts';

const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** What the double does with one insert. */
export type InsertFault =
  | 'reply'
  | 'drop'
  | 'applyThenDrop'
  | 'notWritablePrimary'
  | 'applyThenNotWritablePrimary'
  | 'writeConcernError';

export interface MongoDoubleOptions {
  /** Asked for each insert into a collection whose name ends with `journal`, before it is done. */
  readonly fault?: (insert: Document) => InsertFault;
  /** Knows a write that was retried, as a replica set does; FerretDB and a standalone server do not. Default true. */
  readonly knowsRetries?: boolean;
}

/**
 * A small server that speaks as much of MongoDB's protocol as a store of journals needs, and says that it is the primary of a
 * replica set. It answers in the ways that real servers do only on bad days.
 */
export class MongoDouble {
  readonly collections = new Map<string, MongoCollection>();
  /** How often each command came. */
  readonly asked = new Map<string, number>();
  readonly #options: MongoDoubleOptions;
  readonly #sockets = new Set<Socket>();
  readonly #answered = new Map<string, Document>();
  readonly #cursors = new Map<string, Document[]>();
  #lastCursor = 0n;
  #server: Server | undefined;
  #address = '';

  constructor(options: MongoDoubleOptions = {}) {
    this.#options = options;
  }

  get uri(): string {
    return `mongodb://${this.#address}/`;
  }

  async start(port = 0): Promise<void> {
    this.#server = createServer((socket) => this.#serve(socket)).listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#address = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends all connections; the data stays, and `start` with the same port brings it back. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }

  #serve(socket: Socket): void {
    const reader = new MongoRequestReader();
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (bytes) => {
      for (const request of reader.read(bytes)) {
        const answer = this.#answer(request);
        if (answer === undefined) return void socket.destroy();
        socket.write(mongoReply(request, answer));
      }
    });
  }

  /** @returns undefined when the connection is to be dropped */
  #answer({ command }: MongoRequest): Document | undefined {
    const [name = ''] = Object.keys(command);
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    const run = this.#commands[name];
    if (run === undefined) return failure(59, `no such command: '${name}'`);
    const key = retryKey(command);
    const known = key === undefined ? undefined : this.#answered.get(key);
    if (known !== undefined) return known;
    try {
      const answer = run(command);
      if (key !== undefined && this.#options.knowsRetries !== false && answer?.['n'] !== undefined)
        this.#answered.set(key, answer);
      return answer;
    } catch (error) {
      return failure(DUPLICATE_KEY, `E11000 duplicate key: ${(error as Error).message}`);
    }
  }

  readonly #commands: Readonly<Record<string, (command: Document) => Document | undefined>> = {
    hello: () => this.#hello(),
    ismaster: () => this.#hello(),
    isMaster: () => this.#hello(),
    ping: () => ({ ok: 1 }),
    buildInfo: () => ({ version: '0.0.0-double', ok: 1 }),
    endSessions: () => ({ ok: 1 }),
    killCursors: () => ({ ok: 1 }),
    dropDatabase: ({ $db }) => this.#drop(String($db)),
    listCollections: ({ $db }) => this.#listCollections(String($db)),
    listIndexes: (command) => this.#listIndexes(command),
    createIndexes: (command) => this.#createIndexes(command),
    insert: (command) => this.#insert(command),
    find: (command) => this.#find(command),
    getMore: (command) => this.#getMore(command),
    update: (command) => this.#update(command),
    delete: (command) => this.#delete(command),
  };

  #hello(): Document {
    const electionId = new ObjectId('7fffffff0000000000000001');
    return {
      helloOk: true,
      ismaster: true,
      isWritablePrimary: true,
      setName: 'double',
      setVersion: 1,
      electionId,
      hosts: [this.#address],
      me: this.#address,
      primary: this.#address,
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: 21,
      localTime: new Date(),
      ok: 1,
    };
  }

  #collection(command: Document, name: string): MongoCollection {
    const path = `${command['$db']}.${name}`;
    const collection = this.collections.get(path) ?? new MongoCollection();
    this.collections.set(path, collection);
    return collection;
  }

  #drop(database: string): Document {
    for (const path of this.collections.keys())
      if (path.startsWith(`${database}.`)) this.collections.delete(path);
    return { ok: 1 };
  }

  #listCollections(database: string): Document {
    const paths = [...this.collections.keys()].filter((path) => path.startsWith(`${database}.`));
    const documents = paths.map((path) => ({ name: path.slice(database.length + 1), type: 'collection' }));
    return cursor(0n, `${database}.$cmd.listCollections`, documents);
  }

  #listIndexes(command: Document): Document {
    const path = `${command['$db']}.${command['listIndexes']}`;
    const collection = this.collections.get(path);
    if (collection === undefined) return failure(26, `ns does not exist: ${path}`);
    return cursor(
      0n,
      path,
      [...collection.indexes.values()].map((index) => ({ v: 2, ...index })),
    );
  }

  #createIndexes(command: Document): Document {
    const { indexes } = this.#collection(command, command['createIndexes']);
    for (const index of command['indexes']) indexes.set(index.name, index);
    return { ok: 1 };
  }

  #insert(command: Document): Document | undefined {
    const isJournal = String(command['insert']).endsWith('journal');
    const fault = isJournal ? (this.#options.fault?.(command['documents'][0]) ?? 'reply') : 'reply';
    if (fault === 'drop') return undefined;
    if (fault === 'notWritablePrimary') return notPrimary;
    const collection = this.#collection(command, command['insert']);
    const refusing = collection.insert(command['documents'][0]);
    if (fault === 'applyThenDrop') return undefined;
    if (fault === 'applyThenNotWritablePrimary') return notPrimary;
    if (refusing !== undefined)
      return { n: 0, writeErrors: [{ index: 0, code: DUPLICATE_KEY, errmsg: `E11000 ${refusing}` }], ok: 1 };
    if (fault === 'writeConcernError')
      return { n: 1, writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' }, ok: 1 };
    return { n: 1, ok: 1 };
  }

  #find(command: Document): Document {
    const { find, filter, sort, limit = 0, batchSize = 101, singleBatch, projection } = command;
    const path = `${command['$db']}.${find}`;
    const found = (this.collections.get(path)?.find(filter, sort, limit) ?? []).map((document) =>
      projected(document, projection),
    );
    const first = found.slice(0, batchLength(found, batchSize));
    if (singleBatch || first.length === found.length) return cursor(0n, path, first);
    const id = ++this.#lastCursor;
    this.#cursors.set(String(id), found.slice(first.length));
    return cursor(id, path, first);
  }

  #getMore(command: Document): Document {
    const id = String(command['getMore']);
    const rest = this.#cursors.get(id) ?? [];
    const next = rest.slice(0, batchLength(rest, command['batchSize'] ?? rest.length));
    this.#cursors.set(id, rest.slice(next.length));
    const path = `${command['$db']}.${command['collection']}`;
    return cursor(rest.length > next.length ? BigInt(id) : 0n, path, next, 'nextBatch');
  }

  #update(command: Document): Document {
    const [{ q, u, upsert = false }] = command['updates'];
    const { matched, upserted } = this.#collection(command, command['update']).update(q, u, upsert);
    return upserted === undefined
      ? { n: matched, nModified: matched, ok: 1 }
      : { n: 1, nModified: 0, upserted: [{ index: 0, _id: upserted }], ok: 1 };
  }

  #delete(command: Document): Document {
    const [{ q, limit }] = command['deletes'];
    return { n: this.#collection(command, command['delete']).delete(q, limit), ok: 1 };
  }
}

/** How many documents one answer takes: as asked, and no more than 16 MiB after the first. */
function batchLength(documents: readonly Document[], batchSize: number): number {
  let bytes = 0;
  const over = documents.findIndex((document, index) => {
    bytes += BSON.calculateObjectSize(document);
    return index > 0 && (index >= batchSize || bytes > MAX_BATCH_BYTES);
  });
  return over === -1 ? documents.length : over;
}

const failure = (code: number, errmsg: string): Document => ({ ok: 0, code, errmsg });

const notPrimary: Document = {
  ...failure(10_107, 'not primary'),
  codeName: 'NotWritablePrimary',
  errorLabels: ['RetryableWriteError'],
};

const cursor = (id: bigint, ns: string, documents: Document[], batch = 'firstBatch'): Document => ({
  cursor: { id: Long.fromBigInt(id), ns, [batch]: documents },
  ok: 1,
});

const projected = (document: Document, projection: Document | undefined): Document =>
  projection === undefined
    ? document
    : Object.fromEntries(Object.entries(document).filter(([key]) => key === '_id' || projection[key] === 1));

function retryKey({ lsid, txnNumber }: Document): string | undefined {
  return txnNumber === undefined ? undefined : `${lsid?.id?.toString('hex')} ${txnNumber}`;
}
