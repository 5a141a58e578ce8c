import type { ConfirmChannel } from 'amqplib';
import { type Publication, roomFor, writePublish } from './publishFrames.ts';

/**
 * The parts of amqplib 2.3.1 that are used beyond its published interface, so that all small messages of one turn of the
 * event loop are handed over as one piece. The version is pinned; the integration tests fail when an update changes these.
 */
interface Internals {
  readonly ch: number;
  readonly connection: {
    readonly frameMax: number;
    /** By number, which a later channel may have again. What was written to a buffer leaves in this order. */
    readonly channels: readonly (
      | { readonly channel: unknown; readonly buffer: { write(frames: Uint8Array): boolean } }
      | null
      | undefined
    )[];
    /** Tells the driver that no heartbeat is due. */
    sentSinceLastCheck: boolean;
  };
  pushConfirmCallback(done: (error: Error | null) => void): void;
}

/** Largest message that is written here, bytes: beyond, copying it costs more than it saves. */
const maxMessageBytes = 16_384;
/** No frame has to be smaller than this, whatever was agreed upon. */
const minFrameBytes = 4_096;
const batchBytes = 65_536;

/** Writes small messages to a channel with publisher confirms, those of one turn of the event loop together. */
export class PublishBatch {
  readonly #channel: Internals;
  readonly #maxBytes: number;
  readonly #frames = Buffer.allocUnsafeSlow(batchBytes);
  #end = 0;

  constructor(channel: ConfirmChannel) {
    this.#channel = channel as unknown as Internals;
    const { frameMax } = this.#channel.connection;
    this.#maxBytes = frameMax > 0 ? Math.min(frameMax, maxMessageBytes) : minFrameBytes;
  }

  /** @returns false when the driver has to write it, now: everything before it has been handed over */
  add(publication: Publication, confirmed: (error: Error | null) => void): boolean {
    const room = roomFor(publication);
    if (room > this.#maxBytes || this.#end + room > batchBytes) this.#flush();
    const end =
      room > this.#maxBytes
        ? undefined
        : writePublish(this.#frames, this.#end, this.#channel.ch, publication);
    if (end === undefined) {
      this.#flush();
      return false;
    }
    // After everything else that is to be done in this turn, which may publish as well.
    if (this.#end === 0) queueMicrotask(() => this.#flush());
    this.#end = end;
    this.#channel.pushConfirmCallback(confirmed);
    return true;
  }

  /** A channel that was closed meanwhile has told so: what was written to it is open again. */
  #flush(): void {
    if (this.#end === 0) return;
    const frames = Buffer.from(this.#frames.subarray(0, this.#end));
    this.#end = 0;
    const { ch, connection } = this.#channel;
    connection.sentSinceLastCheck = true;
    const entry = connection.channels[ch];
    if (entry?.channel === this.#channel) entry.buffer.write(frames);
  }
}
