const firstByte = { puback: 0x40, pubrec: 0x50 } as const;

/**
 * Puts together the acknowledgements of one turn of the event loop: the library writes each as several pieces. Without a
 * reason they are the same four bytes in all versions of MQTT [MQTT-3.4.2-1].
 */
export class AckBatch {
  readonly #write: (packets: Uint8Array) => void;
  #packets: number[] = [];

  constructor(write: (packets: Uint8Array) => void) {
    this.#write = write;
  }

  add(cmd: keyof typeof firstByte, messageId: number): void {
    // Microtasks run when the turn has nothing else left to do.
    if (this.#packets.length === 0) queueMicrotask(() => this.flush());
    this.#packets.push(firstByte[cmd], 2, messageId >> 8, messageId & 0xff);
  }

  /** Writes now what would be written at the end of the turn. */
  flush(): void {
    if (this.#packets.length === 0) return;
    const packets = Buffer.from(this.#packets);
    this.#packets = [];
    this.#write(packets);
  }
}
