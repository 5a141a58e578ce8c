import { statSync } from 'node:fs';
import { type Clock, StoreError } from '@hawser/core';
import { type EndProcess, failStop } from './lastFailure.ts';

/** The part of an lmdb environment that says when commits are on disk. */
interface Environment {
  readonly flushed: PromiseLike<unknown>;
}

export interface DurableWriterOptions {
  readonly folder: string;
  readonly file: string;
  readonly clock: Clock;
  /** Ends the process; given by tests alone. */
  readonly endProcess?: EndProcess;
}

/**
 * Turns commits into durable ones and ends the process with the first that fails: a failed commit may be on disk or not,
 * lmdb's memory is damaged after it, and what the actors believe can no longer be trusted.
 */
export class DurableWriter {
  readonly #env: Environment;
  readonly #options: DurableWriterOptions;
  readonly #inode: number;
  #hasFailed = false;
  #committed: Promise<unknown> | undefined;
  #durable: Promise<void> = Promise.resolve();

  constructor(env: Environment, options: DurableWriterOptions) {
    this.#env = env;
    this.#options = options;
    this.#inode = statSync(options.file).ino;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** @throws StoreError `unavailable` after a failure */
  assertUsable(): void {
    if (this.#hasFailed) throw new StoreError('unavailable', 'the store has failed and ends the process');
  }

  /**
   * Resolves when the commit is on disk. lmdb puts all writes of one turn of the event loop into one transaction and gives
   * them the same promise: by it they share one wait.
   */
  durable(committed: Promise<unknown>): Promise<void> {
    if (committed !== this.#committed) {
      this.#committed = committed;
      this.#durable = this.#settle(committed);
    }
    return this.#durable;
  }

  /** Resolves when all writes so far are on disk or have failed. */
  idle(): Promise<void> {
    return this.#durable.catch(() => {});
  }

  async #settle(committed: Promise<unknown>): Promise<void> {
    try {
      await committed;
      await this.#env.flushed;
      this.#checkFile();
    } catch (error) {
      throw this.#fail(await causeOf(error));
    }
  }

  /** A removed file takes commits as before, and loses them with the process. */
  #checkFile(): void {
    const inode = statSync(this.#options.file, { throwIfNoEntry: false })?.ino;
    if (inode !== this.#inode) throw new Error(`${this.#options.file} was removed or replaced`);
  }

  #fail(cause: string): StoreError {
    this.#hasFailed = true;
    const { folder, clock, endProcess } = this.#options;
    const at = new Date(clock.now()).toISOString();
    failStop(folder, { at, during: 'commit', cause, pid: process.pid }, undefined, endProcess);
    return new StoreError('unavailable', `the commit failed, it may or may not have been stored: ${cause}`);
  }
}

/** lmdb rejects with a general error and tells the reason by another promise, settled in the same turn. */
async function causeOf(error: unknown): Promise<string> {
  const { commitError } = error as { commitError?: Promise<unknown> };
  const nextTurn = new Promise((resolve) => setImmediate(resolve));
  try {
    if (commitError !== undefined) await Promise.race([commitError, nextTurn]);
  } catch (reason) {
    return messageOf(reason);
  }
  return messageOf(error);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
