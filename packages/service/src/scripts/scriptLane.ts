import type { BoxOptions, ScriptInput, ScriptOutput } from './scriptCall.ts';
import type { Errand, ScriptThread } from './scriptThread.ts';
import type { Order, Result } from './workerOrders.ts';

/** Messages of one mapper that are with its thread at a time; the others wait here. */
const WINDOW = 512;
/** Of those, as many go over together as have gathered by the time that half of them are back. */
const LOW_WATER = WINDOW / 2;

/** Characters and bytes that are with the thread at a time, unless one message alone has more. */
const MAX_SENT_SIZE = 4 * 1024 * 1024;

/** After the second run in a row that had to be ended the mapper waits, longer each time, ms. */
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 10_000;

interface Call {
  /** Undefined: the scripts are loaded, no more. */
  readonly input: ScriptInput | undefined;
  readonly size: number;
  readonly done: (output: ScriptOutput) => void;
}

export interface LaneOptions {
  readonly id: number;
  readonly box: BoxOptions;
  readonly maxQueuedCalls: number;
  readonly after: (delayMs: number, run: () => void) => void;
  /** Fresh for each order, never 0. */
  readonly nextOrderId: () => number;
  /** The thread for a mapper that has none. */
  readonly threadFor: (lane: ScriptLane) => ScriptThread;
  /** Runs had to be ended, one after the other; nothing is under way now, so that it can be moved. */
  readonly misbehaved: (lane: ScriptLane) => void;
  /** The mapper is closed and the last of its messages is back. */
  readonly released: (lane: ScriptLane) => void;
}

/** The messages of one mapper on their way to its scripts and back, in order. */
export class ScriptLane {
  readonly #options: LaneOptions;
  #thread: ScriptThread | undefined;
  #isOpen = false;
  #isClosing = false;
  #queue: Call[] = [];
  #sent: Call[] = [];
  #sentSize = 0;
  /** Sent, but not run; they go again before the queue. */
  #skipped: Call[] = [];
  #mustResume = false;
  /** Loading had to be ended: the message that it was done for shares its fate, the others wait for another attempt. */
  #failedLoad: ScriptOutput | undefined;
  #endedInARow = 0;
  #isPaused = false;
  #isScheduled = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** @param done gets what the scripts make of the message, later. @returns false when too many wait already */
  run(input: ScriptInput, done: (output: ScriptOutput) => void): boolean {
    return this.#add(input, done);
  }

  /** Loads the scripts without a message; undefined when too many wait already. */
  load(): Promise<ScriptOutput | undefined> {
    return new Promise((resolve) => {
      if (!this.#add(undefined, resolve)) resolve(undefined);
    });
  }

  /** Frees the thread once the last message is back; a later message takes one again and loads the scripts anew. */
  close(): void {
    this.#isClosing = true;
    this.#release();
  }

  /** What was loaded is gone with the thread. */
  threadEnded(): void {
    this.#isOpen = false;
    this.#mustResume = false;
  }

  /** Goes on in another thread. Only while nothing is under way. */
  moveTo(thread: ScriptThread): void {
    this.#leave();
    this.#thread = thread;
  }

  #add(input: ScriptInput | undefined, done: (output: ScriptOutput) => void): boolean {
    if (this.#queue.length >= this.#options.maxQueuedCalls) return false;
    this.#isClosing = false;
    this.#queue.push({ input, size: sizeOf(input), done });
    this.#schedule();
    return true;
  }

  /** Messages that come in one turn of the event loop go over together. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#isPaused || this.#queue.length === 0) return;
    // what was sent behind a run that was ended is on its way back, and goes first
    if (this.#mustResume && this.#sent.length > 0) return;
    if (this.#sent.length > LOW_WATER || this.#sentSize > MAX_SENT_SIZE / 2) return;
    this.#thread ??= this.#options.threadFor(this);
    const { id, box, nextOrderId } = this.#options;
    const isSuspect = this.#endedInARow >= 2;
    const orders: Order[] = [];
    const errands: Errand[] = [];
    if (!this.#isOpen) {
      this.#isOpen = true;
      const load: Order = { do: 'load', mapper: id, id: nextOrderId() };
      orders.push({ do: 'open', mapper: id, options: box, isSuspect }, load);
      errands.push({ order: load, finished: (result) => this.#loaded(result) });
    } else if (this.#mustResume) orders.push({ do: 'resume', mapper: id, isSuspect });
    this.#mustResume = false;
    for (const call of this.#takeForThread()) {
      const orderId = nextOrderId();
      const order: Errand['order'] =
        call.input === undefined
          ? { do: 'load', mapper: id, id: orderId }
          : { do: 'run', mapper: id, id: orderId, input: call.input };
      orders.push(order);
      errands.push({ order, finished: (result) => this.#finished(call, result) });
    }
    this.#thread.send(orders, errands);
  }

  /** The next of the queue, as many as the thread may have; they count as sent. */
  #takeForThread(): readonly Call[] {
    let count = 0;
    for (const { size } of this.#queue) {
      if (this.#sent.length + count >= WINDOW) break;
      if (this.#sent.length + count > 0 && this.#sentSize + size > MAX_SENT_SIZE) break;
      this.#sentSize += size;
      count++;
    }
    const calls = this.#queue.splice(0, count);
    this.#sent.push(...calls);
    return calls;
  }

  #loaded(result: Result): void {
    if (result === null || typeof result === 'string' || !hadToBeEnded(result)) return;
    this.#failedLoad = result;
    this.#ended();
  }

  #finished(call: Call, result: Result): void {
    this.#sent.shift();
    this.#sentSize -= call.size;
    const failedLoad = this.#failedLoad;
    this.#failedLoad = undefined;
    if (result !== null) {
      const output = typeof result === 'string' ? { json: result } : result;
      if (hadToBeEnded(output)) this.#ended();
      else this.#endedInARow = 0;
      call.done(output);
    } else if (failedLoad !== undefined) call.done(failedLoad);
    else this.#skipped.push(call);
    if (this.#sent.length === 0) this.#settle();
    if (this.#queue.length > 0) this.#schedule();
  }

  /** All that was sent is back. */
  #settle(): void {
    if (this.#skipped.length > 0) this.#queue = this.#skipped.splice(0).concat(this.#queue);
    if (this.#endedInARow >= 2) this.#options.misbehaved(this);
    this.#release();
  }

  #ended(): void {
    this.#mustResume = true;
    this.#endedInARow++;
    if (this.#endedInARow < 2 || this.#isPaused) return;
    this.#isPaused = true;
    this.#options.after(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#endedInARow - 2)), () => {
      this.#isPaused = false;
      this.#schedule();
    });
  }

  #release(): void {
    if (!this.#isClosing || this.#thread === undefined) return;
    if (this.#sent.length > 0 || this.#queue.length > 0) return;
    this.#leave();
    this.#thread = undefined;
    this.#options.released(this);
  }

  #leave(): void {
    if (this.#isOpen) this.#thread?.tell({ do: 'close', mapper: this.#options.id });
    this.threadEnded();
  }
}

const hadToBeEnded = ({ failure }: ScriptOutput): boolean =>
  failure?.kind === 'time' || failure?.kind === 'broken';

function sizeOf(input: ScriptInput | undefined): number {
  if (input === undefined) return 0;
  if (input.direction === 'outbound') return input.message.length;
  const { headers, text, bytes } = input;
  const textSize = text?.length ?? 0;
  return headers.length + textSize + (bytes === 'text' ? textSize : (bytes?.length ?? 0));
}
