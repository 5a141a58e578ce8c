import { BSON, type Document } from 'bson';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;

/** One request of a client: the command with its document sequences folded in. */
export interface MongoRequest {
  readonly id: number;
  readonly opCode: number;
  readonly command: Document;
}

/** Takes bytes as they come and gives requests as they are complete. */
export class MongoRequestReader {
  #rest: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #missing = 0;

  *read(bytes: Buffer): Iterable<MongoRequest> {
    this.#chunks.push(bytes);
    this.#missing -= bytes.length;
    if (this.#missing > 0) return;
    this.#rest = Buffer.concat([this.#rest, ...this.#chunks]);
    this.#chunks = [];
    while (this.#rest.length >= HEADER_BYTES && this.#rest.length >= this.#rest.readInt32LE(0)) {
      const length = this.#rest.readInt32LE(0);
      const message = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const opCode = message.readInt32LE(12);
      const command = opCode === OP_QUERY ? queryOf(message) : commandOf(message);
      yield { id: message.readInt32LE(4), opCode, command };
    }
    this.#missing = this.#rest.length < HEADER_BYTES ? 0 : this.#rest.readInt32LE(0) - this.#rest.length;
  }
}

/** OP_QUERY: only the handshake of older days, which drivers still begin with. */
function queryOf(message: Buffer): Document {
  const name = message.indexOf(0, HEADER_BYTES + 4);
  return BSON.deserialize(message.subarray(name + 1 + 8));
}

/** OP_MSG: a body, and sequences of documents that belong to one of its members. */
function commandOf(message: Buffer): Document {
  let command: Document = {};
  let at = HEADER_BYTES + 4;
  const hasChecksum = (message.readInt32LE(HEADER_BYTES) & 1) === 1;
  const end = message.length - (hasChecksum ? 4 : 0);
  while (at < end) {
    const kind = message.readUInt8(at);
    const length = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + length);
    command =
      kind === 0 ? { ...command, ...BSON.deserialize(section) } : { ...command, ...sequenceOf(section) };
    at += 1 + length;
  }
  return command;
}

function sequenceOf(section: Buffer): Document {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at))
    documents.push(BSON.deserialize(section.subarray(at, at + section.readInt32LE(at))));
  return { [section.toString('utf8', 4, nameEnd)]: documents };
}

/** The answer to a request, in the form that it was asked in. */
export function mongoReply(request: MongoRequest, answer: Document): Buffer {
  const body = BSON.serialize(answer);
  const prefix = request.opCode === OP_QUERY ? Buffer.alloc(20) : Buffer.alloc(5);
  if (request.opCode === OP_QUERY) prefix.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + prefix.length + body.length, 0);
  header.writeInt32LE(request.id, 8);
  header.writeInt32LE(request.opCode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, prefix, body]);
}
