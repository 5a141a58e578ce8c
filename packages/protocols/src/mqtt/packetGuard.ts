/** A packet of the broker that no session survives: too large, or no MQTT. */
export class PacketGuardError extends Error {
  override readonly name = 'PacketGuardError';
}

/**
 * Reads the fixed headers of what a broker sends, beside the driver's own parser, which buffers whatever a length
 * promises ([MQTT-2.1.4]: a remaining length has at most four bytes). Chunks may end anywhere.
 */
export class PacketGuard {
  readonly #limit: number;
  /** Bytes of the current packet that are still to come. */
  #remaining = 0;
  /** 0: at a packet's first byte; 1 to 4: at that byte of its remaining length. */
  #position = 0;
  #length = 0;

  /** @param limit largest remaining length, bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws PacketGuardError */
  check(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining > 0) {
        const step = Math.min(this.#remaining, chunk.length - at);
        this.#remaining -= step;
        at += step;
      } else {
        this.#header(chunk[at] ?? 0);
        at++;
      }
    }
  }

  #header(byte: number): void {
    if (this.#position === 0) {
      this.#position = 1;
      this.#length = 0;
      return;
    }
    this.#length += (byte & 0x7f) * 128 ** (this.#position - 1);
    if (this.#length > this.#limit) {
      throw new PacketGuardError(`MQTT packet of more than ${this.#limit} bytes refused`);
    }
    if ((byte & 0x80) === 0) {
      this.#position = 0;
      this.#remaining = this.#length;
    } else if (this.#position === 4) {
      throw new PacketGuardError('Malformed remaining length of an MQTT packet');
    } else {
      this.#position++;
    }
  }
}
