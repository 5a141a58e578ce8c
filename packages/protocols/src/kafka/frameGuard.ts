/**
 * Reads along the lengths of a stream of Kafka's frames. The driver takes them as they come: a negative one makes it read on
 * for ever, one of two gigabytes makes it wait for them with all that has arrived in memory.
 */
export class FrameGuard {
  readonly #limit: number;
  /** Bytes that are still to come of the frame. */
  #missing = 0;
  #length = 0;
  #lengthBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when a frame begins that no broker sends. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#missing > 0) {
        const step = Math.min(this.#missing, chunk.length - at);
        this.#missing -= step;
        at += step;
      } else {
        this.#length = (this.#length << 8) | (chunk[at++] ?? 0);
        if (++this.#lengthBytes < 4) continue;
        // a frame begins with the number of its request
        if (this.#length < 4 || this.#length > this.#limit) return false;
        this.#missing = this.#length;
        this.#length = 0;
        this.#lengthBytes = 0;
      }
    }
    return true;
  }
}
