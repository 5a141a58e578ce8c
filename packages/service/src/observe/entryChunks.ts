import { MessagePackWriter } from './messagePack.ts';

/** Writes a time and a record in MessagePack. */
export type EntryEncoder<T> = (writer: MessagePackWriter, item: T) => void;

/** Entries as they are sent, one behind the other. */
export interface EntryChunk {
  readonly bytes: Buffer;
  readonly entries: number;
}

/** Entries of one tag, oldest first: each is written behind the one before, into the chunk in which it is sent. */
export class EntryChunks {
  readonly #maxChunkBytes: number;
  readonly #writer = new MessagePackWriter();
  readonly #sealed: EntryChunk[] = [];
  #entries = 0;

  /** @param maxChunkBytes a longer entry has a chunk of its own */
  constructor(maxChunkBytes: number) {
    this.#maxChunkBytes = maxChunkBytes;
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
      const written = writer.detach();
      this.#seal(written.subarray(0, start));
      writer.raw(written.subarray(start));
    }
    this.#entries++;
    return bytes;
  }

  /** The oldest entries; undefined when there are none. They stay until they are removed. */
  first(): EntryChunk | undefined {
    if (this.#sealed.length === 0 && this.#entries > 0) this.#seal(this.#writer.detach());
    return this.#sealed[0];
  }

  removeFirst(): void {
    this.#sealed.shift();
  }

  #seal(bytes: Buffer): void {
    this.#sealed.push({ bytes, entries: this.#entries });
    this.#entries = 0;
  }
}
