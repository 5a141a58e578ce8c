import { MessagePackWriter } from './messagePack.ts';

/** Writes a time and a record in MessagePack. */
export type EntryEncoder<T> = (writer: MessagePackWriter, item: T) => void;

/** Entries as they are sent, one behind the other. */
export interface EntryChunk {
  readonly bytes: Buffer;
  readonly entries: number;
}

/**
 * Buffers of chunks that were sent, to be written again: a busy log would else be megabytes of garbage a second. A few are
 * kept, whatever the number of tags.
 */
export class SpareBuffers {
  readonly #buffers: Buffer[] = [];

  take(): Buffer | undefined {
    return this.#buffers.pop();
  }

  give({ buffer }: Buffer): void {
    if (this.#buffers.length < 4 && buffer.byteLength <= 2 ** 21) this.#buffers.push(Buffer.from(buffer));
  }
}

/** Entries of one tag, oldest first: each is written behind the one before, into the chunk in which it is sent. */
export class EntryChunks {
  readonly #maxChunkBytes: number;
  readonly #spares: SpareBuffers;
  readonly #writer = new MessagePackWriter();
  readonly #sealed: EntryChunk[] = [];
  #entries = 0;

  /** @param maxChunkBytes a longer entry has a chunk of its own */
  constructor(maxChunkBytes: number, spares: SpareBuffers) {
    this.#maxChunkBytes = maxChunkBytes;
    this.#spares = spares;
  }

  /** @param room bytes it may have. @returns bytes it has; 0 when it was too long and is left out */
  add<T>(encode: EntryEncoder<T>, item: T, room: number): number {
    const writer = this.#writer;
    const start = writer.length;
    encode(writer, item);
    const bytes = writer.length - start;
    if (bytes > room) {
      writer.reset(start);
      return 0;
    }
    if (start > 0 && writer.length > this.#maxChunkBytes) {
      const written = writer.detach(this.#spares.take());
      this.#seal(written.subarray(0, start));
      writer.raw(written.subarray(start));
    }
    this.#entries++;
    return bytes;
  }

  /** The oldest entries; undefined when there are none. They stay until they are removed. */
  first(): EntryChunk | undefined {
    if (this.#sealed.length === 0 && this.#entries > 0) this.#seal(this.#writer.detach(this.#spares.take()));
    return this.#sealed[0];
  }

  /** Nobody may look at its bytes any more. */
  removeFirst(): void {
    const chunk = this.#sealed.shift();
    if (chunk !== undefined) this.#spares.give(chunk.bytes);
  }

  #seal(bytes: Buffer): void {
    this.#sealed.push({ bytes, entries: this.#entries });
    this.#entries = 0;
  }
}
