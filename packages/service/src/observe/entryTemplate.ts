import type { MessagePackWriter } from './messagePack.ts';

/** Whom an entry belongs to, as far as it says so. */
export interface Shown {
  readonly correlationId: string | undefined;
  readonly entityType: string | undefined;
  readonly entityId: string | undefined;
}

/** Where in an entry its ids end, which were both written as short ASCII. */
export interface IdEnds {
  readonly correlationId: number;
  readonly entityId: number;
}

/**
 * The last entry of a logger. The next one nearly always differs in its time and its ids alone, and is written as a copy in
 * which these are written over.
 */
export class EntryTemplate {
  #bytes: Uint8Array = new Uint8Array();
  #message: string | undefined;
  #shown: Shown | undefined;
  #ends: IdEnds = { correlationId: 0, entityId: 0 };

  /** @param timeAt of the time in an entry. @returns false, and nothing is written, when it has to be written anew */
  repeat(
    writer: MessagePackWriter,
    entry: { readonly message: string; readonly atMs: number },
    shown: Shown,
    timeAt: number,
  ): boolean {
    const last = this.#shown;
    if (last === undefined || entry.message !== this.#message || shown.entityType !== last.entityType)
      return false;
    if (!isAsLong(shown.correlationId, last.correlationId) || !isAsLong(shown.entityId, last.entityId))
      return false;
    const start = writer.length;
    writer.raw(this.#bytes);
    writer.eventTimeAt(start + timeAt, entry.atMs);
    const { correlationId, entityId } = this.#ends;
    if (
      writer.asciiBefore(start + correlationId, shown.correlationId) &&
      writer.asciiBefore(start + entityId, shown.entityId)
    )
      return true;
    writer.reset(start);
    return false;
  }

  /** @param start where in the writer the entry begins that was written last */
  remember(writer: MessagePackWriter, start: number, message: string, shown: Shown, ends: IdEnds): void {
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

const isAsLong = (one: string | undefined, other: string | undefined): boolean =>
  one?.length === other?.length;
