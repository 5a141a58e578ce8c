import type { LogIdentity } from '@hawser/actors';
import { type MessagePackWriter, writeEventTime } from './messagePack.ts';

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
 * The last entry of a logger. The next one nearly always differs in its time and its ids alone: these are written over
 * here, in memory that is at hand, and the whole is copied.
 */
export class EntryTemplate {
  readonly #timeAt: number;
  readonly #ids: LastIds;
  #bytes: Uint8Array = new Uint8Array();
  #message: string | undefined;
  #atMs = 0;
  #shown: LogIdentity | undefined;
  #ends: IdEnds = { correlationId: 0, entityId: 0 };

  /** @param timeAt where in an entry its time is */
  constructor(timeAt: number, ids: LastIds) {
    this.#timeAt = timeAt;
    this.#ids = ids;
  }

  /** @returns false, and nothing is written, when it has to be written anew */
  repeat(
    writer: MessagePackWriter,
    { message, atMs }: { readonly message: string; readonly atMs: number },
    shown: LogIdentity,
  ): boolean {
    if (message !== this.#message || !this.#identify(shown)) return false;
    if (atMs !== this.#atMs) {
      writeEventTime(this.#bytes, this.#timeAt, atMs);
      this.#atMs = atMs;
    }
    writer.raw(this.#bytes);
    return true;
  }

  /** @returns false when the entry has no place for such ids */
  #identify(shown: LogIdentity): boolean {
    const last = this.#shown;
    if (shown === last) return true;
    if (last === undefined || shown.entityType !== last.entityType) return false;
    const { correlationId = '', entityId = '' } = shown;
    const { correlationId: lastCorrelationId = '', entityId: lastEntityId = '' } = last;
    if (correlationId.length !== lastCorrelationId.length || entityId.length !== lastEntityId.length)
      return false;
    const correlationIdBytes = this.#ids.correlationId.of(correlationId);
    const entityIdBytes = entityId === lastEntityId ? undefined : this.#ids.entityId.of(entityId);
    if (correlationIdBytes === NOT_ASCII || entityIdBytes === NOT_ASCII) return false;
    this.#bytes.set(correlationIdBytes, this.#ends.correlationId - correlationIdBytes.length);
    if (entityIdBytes !== undefined)
      this.#bytes.set(entityIdBytes, this.#ends.entityId - entityIdBytes.length);
    this.#shown = shown;
    return true;
  }

  /** @param start where in the writer the entry begins that was written last */
  remember(
    writer: MessagePackWriter,
    start: number,
    { message, atMs }: { readonly message: string; readonly atMs: number },
    shown: LogIdentity,
    ends: IdEnds,
  ): void {
    const { length } = writer;
    if (this.#bytes.length !== length - start) this.#bytes = new Uint8Array(length - start);
    writer.copyTo(this.#bytes, start);
    this.#message = message;
    this.#atMs = atMs;
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
