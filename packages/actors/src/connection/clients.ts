import {
  type ClientSession,
  type ClientSessions,
  type Clock,
  type Connection,
  type ConnectionMonitor,
  type ConnectivityStatus,
  connectionFailed,
  type JsonObject,
  type Log,
} from '@hawser/core';

export interface ClientsSurroundings {
  readonly sessions: ClientSessions;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: { readonly clientAskTimeoutMs: number };
}

/**
 * The clients of one connection as its actor sees them: started together, asked together, stopped together
 * (the client router of connectivity/service/.../persistence/ConnectionPersistenceActor.java).
 * Nothing here is awaited inside of a message.
 */
export class Clients {
  readonly #connectionId: string;
  readonly #around: ClientsSurroundings;
  #sessions: readonly ClientSession[] | undefined;
  /** Closed clients that still keep signals for their targets until their successors take over. */
  #replaced: readonly ClientSession[] = [];
  /** They were asked to close, and not to open again. */
  #areClosed = false;
  /** Rejects what still waits for clients that are being stopped. */
  #onStopped: ((error: unknown) => void) | undefined;
  #stoppedBefore: Promise<never> | undefined;
  #closedAt: number;
  #isSealed = false;

  constructor(connectionId: string, around: ClientsSurroundings) {
    this.#connectionId = connectionId;
    this.#around = around;
    this.#closedAt = around.clock.now();
  }

  get isStarted(): boolean {
    return this.#sessions !== undefined;
  }

  /** Wall time, ms, of the last stop. */
  get closedAt(): number {
    return this.#closedAt;
  }

  get monitor(): ConnectionMonitor {
    return this.#around.sessions.monitor(this.#connectionId);
  }

  /** Stops the clients for good: whatever their actor still has to do, it starts no others. */
  seal(): void {
    this.#isSealed = true;
    this.stop();
  }

  /** Starts the clients if needed and asks them to open. Settles with the first of them; the others go on by themselves. */
  async open(connection: Connection): Promise<void> {
    this.#areClosed = false;
    const opened = this.#takeOver(() => this.#start(connection).map((session) => session.open()));
    const [first, ...others] = opened;
    for (const other of others) void other.catch((error) => this.#noteFailure(error));
    if (first !== undefined) await this.#answered(first, 'openConnection');
  }

  /**
   * Resolves at once when no client runs.
   *
   * @param isReplaced clients of the modified connection are opened next
   */
  async close(isReplaced = false): Promise<void> {
    if (this.#sessions === undefined) return;
    const closed = Promise.all(this.#sessions.map((session) => session.close(isReplaced)));
    this.#areClosed = true;
    await this.#answered(closed, 'closeConnection');
  }

  /** @param isReplaced the next `open` follows at once, and takes over what these clients keep */
  stop(isReplaced = false): void {
    if (!isReplaced) this.#endReplaced();
    if (this.#sessions === undefined) return;
    if (isReplaced && this.#areClosed) this.#replaced = this.#sessions;
    else for (const session of this.#sessions) session.abort();
    this.#sessions = undefined;
    this.#closedAt = this.#around.clock.now();
    this.#onStopped?.(connectionFailed(this.#connectionId, 'The clients were stopped before they answered.'));
    this.#onStopped = undefined;
  }

  /** @returns the text of `testResult` */
  test(connection: Connection): Promise<string> {
    return this.#around.sessions.test(connection);
  }

  rows(): readonly JsonObject[] {
    return (this.#sessions ?? []).flatMap((session) => session.status());
  }

  /** The state of each client, for operators. */
  liveStatus(): ConnectivityStatus | undefined {
    if (this.#sessions === undefined) return undefined;
    const client = this.rows().find((row) => row['type'] === 'client');
    return client?.['status'] as ConnectivityStatus | undefined;
  }

  /** From one table of targets to the next without a gap: the old clients end when the new ones take signals. */
  #takeOver<T>(begin: () => T): T {
    try {
      return begin();
    } finally {
      this.#endReplaced();
    }
  }

  #endReplaced(): void {
    for (const session of this.#replaced) session.abort();
    this.#replaced = [];
  }

  #start(connection: Connection): readonly ClientSession[] {
    if (this.#sessions !== undefined) return this.#sessions;
    const { sessions } = this.#around;
    if (this.#isSealed) throw connectionFailed(this.#connectionId, 'The connection leaves this process.');
    const started: ClientSession[] = [];
    try {
      for (let index = 0; index < connection.clientCount; index++)
        started.push(sessions.create(connection, index, () => undefined));
    } catch (error) {
      for (const session of started) session.abort();
      throw error;
    }
    this.#stoppedBefore = new Promise((_resolve, reject) => {
      this.#onStopped = reject;
    });
    this.#stoppedBefore.catch(() => undefined);
    this.#sessions = started;
    return started;
  }

  async #answered(answer: Promise<unknown>, command: string): Promise<void> {
    const { clock, config } = this.#around;
    const { clientAskTimeoutMs: askTimeoutMs } = config;
    let cancel: (() => void) | undefined;
    const late = new Promise((_resolve, reject) => {
      const text = `Ask timed out on the clients after [${askTimeoutMs} ms]. Message of type [${command}].`;
      cancel = clock.after(askTimeoutMs, () => reject(connectionFailed(this.#connectionId, text)));
    });
    try {
      await Promise.race([answer, late, this.#stoppedBefore]);
    } finally {
      cancel?.();
    }
  }

  #noteFailure(error: unknown): void {
    const connectionId = this.#connectionId;
    this.#around.log.debug('a further client did not open', { connectionId, error });
  }
}
