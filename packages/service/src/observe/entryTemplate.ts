import type { LogIdentity } from '@hawser/actors';
import type { MessagePackWriter } from './messagePack.ts';

/** Where in an entry its ids end, which were both written as short ASCII. */
export interface IdEnds {
  readonly correlationId: number;
  readonly entityId: number;
}

/** What the templates of all loggers share: a message has an entry at each, and its ids are turned into bytes once. */
export class LastIds {
  readonly correlationId = new AsciiBytes();
  readonly entityId = new AsciiBytes();
}

/**
 * The last entry of a logger. The next one nearly always differs in its time and its ids alone, and is written as a copy in
 * which these are written over.
 */
export class EntryTemplate {
  #bytes: Uint8Array = new Uint8Array();
  #message: string | undefined;
  #shown: LogIdentity | undefined;
  #ends: IdEnds = { correlationId: 0, entityId: 0 };
  readonly #ids: LastIds;

  constructor(ids: LastIds) {
    this.#ids = ids;
  }

  /** @param timeAt of the time in an entry. @returns false, and nothing is written, when it has to be written anew */
  repeat(
    writer: MessagePackWriter,
    { message, atMs }: { readonly message: string; readonly atMs: number },
    { correlationId = '', entityType, entityId = '' }: LogIdentity,
    timeAt: number,
  ): boolean {
    const last = this.#shown;
    if (last === undefined || message !== this.#message || entityType !== last.entityType) return false;
    const { correlationId: lastCorrelationId = '', entityId: lastEntityId = '' } = last;
    if (correlationId.length !== lastCorrelationId.length || entityId.length !== lastEntityId.length)
      return false;
    const correlationIdBytes = this.#ids.correlationId.of(correlationId);
    const entityIdBytes = entityId === lastEntityId ? undefined : this.#ids.entityId.of(entityId);
    if (correlationIdBytes === NOT_ASCII || entityIdBytes === NOT_ASCII) return false;
    const start = writer.length;
    writer.raw(this.#bytes);
    writer.eventTimeAt(start + timeAt, atMs);
    writer.rawBefore(start + this.#ends.correlationId, correlationIdBytes);
    if (entityIdBytes !== undefined) writer.rawBefore(start + this.#ends.entityId, entityIdBytes);
    return true;
  }

  /** @param start where in the writer the entry begins that was written last */
  remember(
    writer: MessagePackWriter,
    start: number,
    message: string,
    shown: LogIdentity,
    ends: IdEnds,
  ): void {
    const { length } = writer;
    if (this.#bytes.length !== length - start) this.#bytes = new Uint8Array(length - start);
    writer.copyTo(this.#bytes, start);
    this.#message = message;
    this.#shown = shown;
    this.#ends = { correlationId: ends.correlationId - start, entityId: ends.entityId - start };
  }

  forget(): void {
    this.#shown = undefined;
  }
}

const NOT_ASCII = new Uint8Array();

/** The bytes of the text that came last. */
class AsciiBytes {
  #text = '';
  #bytes: Uint8Array = new Uint8Array();

  /** @returns what is good until the next call; `NOT_ASCII` */
  of(text: string): Uint8Array {
    if (text === this.#text) return this.#bytes;
    const { length } = text;
    if (this.#bytes === NOT_ASCII || this.#bytes.length !== length) this.#bytes = new Uint8Array(length);
    this.#text = text;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#bytes = NOT_ASCII;
        break;
      }
      this.#bytes[i] = code;
    }
    return this.#bytes;
  }
}
