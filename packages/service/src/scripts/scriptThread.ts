import { Worker } from 'node:worker_threads';
import type { Log } from '@hawser/core';
import type { ScriptFailure, ScriptOutput } from './scriptCall.ts';
import { threadTime } from './threadTime.ts';
import {
  monotonicMs,
  type Order,
  packOrders,
  type Result,
  RUNNING,
  SHARED_BYTES,
  STARTED_AT,
  sharedFields,
  THREAD,
  THREAD_TIME,
  type WorkerData,
} from './workerOrders.ts';

/** The built module also when this one runs from its source, as in tests: Node starts no TypeScript. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/scripts/scriptWorker.js' : './scriptWorker.js',
  import.meta.url,
);

/** How often a busy thread is looked at, ms. */
const WATCH_INTERVAL_MS = 15;
/** What a script gets beyond its limit before its thread is ended: most are stopped by the engine itself at the limit, ms. */
const GRACE_MS = 40;
/** A thread that gets no processor is ended after so many times its limit all the same. */
const MAX_STRETCH = 20;
/** A thread that has not begun to work by then never will, ms. */
const START_TIMEOUT_MS = 30_000;

/** Thousands of messages fit; what a script keeps lives elsewhere, under a limit of its own. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** An order that has a result, and where that goes. */
export interface Errand {
  readonly order: Extract<Order, { id: number }>;
  readonly finished: (result: Result) => void;
}

export interface ScriptThreadOptions {
  readonly maxExecutionTimeMs: number;
  readonly log: Log;
  /** What was opened in it is gone; called before the errands that it had are given back. */
  readonly ended: () => void;
}

/**
 * A thread for scripts under a watchdog. One whose script does not end, or that breaks down, is ended and replaced by the next
 * errand: the errand that it was at fails, those that waited behind it come back as skipped.
 */
export class ScriptThread {
  readonly #options: ScriptThreadOptions;
  #worker: Worker | undefined;
  #shared = new SharedArrayBuffer(SHARED_BYTES);
  #errands: Errand[] = [];
  #isReady = false;
  #isClosed = false;
  #startedAt = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: ScriptThreadOptions) {
    this.#options = options;
  }

  /** Carries out orders in turn; the results of `errands` come in that turn, at a later time. */
  send(orders: readonly Order[], errands: readonly Errand[]): void {
    if (this.#isClosed) {
      queueMicrotask(() => {
        for (const errand of errands) errand.finished(CLOSED);
      });
      return;
    }
    const worker = this.#worker ?? this.#start();
    this.#errands.push(...errands);
    worker.postMessage(packOrders(orders));
    this.#watchWhileBusy();
  }

  /** An order that matters only to a thread that lives. */
  tell(order: Order): void {
    this.#worker?.postMessage(packOrders([order]));
  }

  /** Ends the thread; errands that it still has fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { worker, errands } = this.#leave();
    for (const errand of errands) errand.finished(CLOSED);
    await worker?.terminate();
  }

  #start(): Worker {
    this.#shared = new SharedArrayBuffer(SHARED_BYTES);
    this.#isReady = false;
    this.#startedAt = monotonicMs();
    const workerData: WorkerData = { shared: this.#shared };
    const worker = new Worker(WORKER, {
      workerData,
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: RESOURCE_LIMITS,
      name: 'scripts',
    });
    this.#worker = worker;
    worker.on('message', (results: readonly Result[]) => {
      if (worker === this.#worker) this.#take(results);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#brokeDown(error);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#brokeDown(new Error('the thread has ended'));
    });
    worker.unref();
    return worker;
  }

  #take(results: readonly Result[]): void {
    this.#isReady = true;
    const errands = this.#errands.splice(0, results.length);
    for (const [index, errand] of errands.entries()) {
      const result = results[index];
      if (result !== undefined) errand.finished(result);
    }
    this.#watchWhileBusy();
  }

  #brokeDown(error: Error): void {
    this.#options.log.warn('a thread for scripts broke down', { error });
    this.#end({ failure: brokenDown('the script engine broke down') });
  }

  /** A process with a script under way is not over; one whose threads idle may end. */
  #watchWhileBusy(): void {
    if (this.#errands.length === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      return;
    }
    this.#watch ??= setInterval(() => this.#look(), WATCH_INTERVAL_MS);
  }

  #look(): void {
    const now = monotonicMs();
    if (!this.#isReady) {
      if (now - this.#startedAt > START_TIMEOUT_MS) this.#brokeDown(new Error('the thread does not start'));
      return;
    }
    const { ids, times } = sharedFields(this.#shared);
    if (Atomics.load(ids, RUNNING) === 0) return;
    const elapsed = now - (times[STARTED_AT] ?? now);
    const limit = this.#options.maxExecutionTimeMs + GRACE_MS;
    if (elapsed <= limit) return;
    const used = (threadTime(ids[THREAD] ?? 0) ?? Number.POSITIVE_INFINITY) - (times[THREAD_TIME] ?? 0);
    if (used > limit || elapsed > limit * MAX_STRETCH) this.#end({ failure: { kind: 'time' } });
  }

  /** `output`: for the errand that the thread was at. */
  #end(output: ScriptOutput): void {
    const running = Atomics.load(sharedFields(this.#shared).ids, RUNNING);
    const { worker, errands } = this.#leave();
    void worker?.terminate();
    const culprit = errands.find(({ order }) => order.id === running) ?? errands[0];
    for (const errand of errands) errand.finished(errand === culprit ? output : null);
  }

  /** The worker is none of ours any more, and what it was sent for is open again. */
  #leave(): { readonly worker: Worker | undefined; readonly errands: readonly Errand[] } {
    const left = { worker: this.#worker, errands: this.#errands };
    this.#worker = undefined;
    this.#errands = [];
    this.#watchWhileBusy();
    this.#options.ended();
    return left;
  }
}

const brokenDown = (message: string): ScriptFailure => ({
  kind: 'broken',
  error: { name: 'InternalError', message, stack: '' },
});

const CLOSED: ScriptOutput = { failure: brokenDown('the script engine was closed') };
