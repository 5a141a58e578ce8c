import { randomUUID } from 'node:crypto';
import {
  type ConnectivityCommands,
  type DittoHeaders,
  type JsonObject,
  type Log,
  type ProtocolAdapter,
  parseAdaptable,
  type Reply,
  type Store,
  signalFromAdaptable,
  silentLog,
  withHeaders,
} from '@hawser/core';
import { MemoryStore } from '@hawser/persistence';
import { composeEngine } from './composeEngine.ts';
import { loadConfig } from './config/config.ts';
import {
  type DittoProtocolMessage,
  type SignalListener,
  type SignalListenerOptions,
  subscribeListener,
  voyageOf,
} from './signalListener.ts';
import { systemClock } from './systemClock.ts';

export interface HawserOptions {
  /** Ditto's and Hawser's settings, nested or with dotted keys. The environment is not read. */
  readonly config?: Readonly<Record<string, unknown>>;
  /**
   * `memory`: nothing outlives the instance. A store of one's own is opened and closed here. Without it: the one that
   * `config` names, by default lmdb in `hawser.data`.
   */
  readonly store?: 'memory' | Store;
  /** Transports beside Hawser's own, or in their place for the connection types that they serve. */
  readonly transports?: readonly ProtocolAdapter[];
  /** Where the application log goes; nowhere by default. */
  readonly log?: Log;
}

export interface AskOptions {
  /** ms; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** A running instance. Nothing of it is shared with another one in the same process. */
export interface Hawser {
  /**
   * Sends a command to the actor at a selection, as the piggyback endpoint does:
   * `ask('/system/sharding/connection', { type: 'connectivity.commands:retrieveConnection', connectionId })`.
   * A refusal is an answer too (`isError`).
   *
   * @throws DittoError `ask.error` when nobody answers in time
   */
  ask(selection: string, command: JsonObject, headers?: DittoHeaders, options?: AskOptions): Promise<Reply>;
  /**
   * Gives a signal to the connections whose targets subscribe to it. Resolves when every publish that it caused has
   * finished: confirmed, refused or timed out.
   *
   * @throws DittoError when the message is none of the Ditto Protocol
   */
  publish(message: DittoProtocolMessage): Promise<void>;
  /**
   * Calls `listener` with every signal that comes from a connection's source or from `publish`. The broker's message is
   * settled only after the promise of the listener; what it throws is logged. Returns the end of the subscription.
   */
  onSignal(listener: SignalListener, options?: SignalListenerOptions): () => void;
  /** Closes all clients gracefully, stops the actors and closes the store. */
  stop(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Starts the connectivity service inside of a program, without HTTP: connections, their persistence and their clients.
 *
 * @throws ConfigError for settings that cannot be used, StoreError when the data cannot
 */
export async function startHawser(options: HawserOptions = {}): Promise<Hawser> {
  const { log = silentLog, transports } = options;
  const { config, warnings } = loadConfig({ env: {}, file: options.config ?? {} });
  for (const warning of warnings) log.warn('configuration', { warning });
  const store = options.store === 'memory' ? new MemoryStore() : options.store;
  const engine = await composeEngine({ config, clock: systemClock, log, store, transports });
  // like a listening server, a running instance keeps its process alive; the timers inside do not
  const alive = setInterval(() => {}, 2 ** 30);
  let listeners = 0;
  return {
    ask: (selection, command, headers = {}, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) =>
      ask(engine.commands, selection, command, headers, timeoutMs),
    publish: (message) =>
      new Promise((resolve, reject) => {
        try {
          const signal = signalFromAdaptable(parseAdaptable(message));
          const headers = withHeaders({ 'correlation-id': randomUUID() }, signal.headers);
          engine.twin.submit({ ...signal, headers }, { voyage: voyageOf(resolve) });
        } catch (error) {
          reject(error);
        }
      }),
    onSignal: (listener, { types } = {}) => {
      listeners++;
      return subscribeListener(engine.twin, `listener-${listeners}`, listener, { types, log });
    },
    stop: () => {
      clearInterval(alive);
      return engine.stop();
    },
  };
}

/** The command finds its connection by its id; a correlation id is made when there is none. */
function ask(
  commands: ConnectivityCommands,
  selection: string,
  command: JsonObject,
  headers: DittoHeaders,
  timeoutMs: number,
): Promise<Reply> {
  return commands.ask(
    selection,
    command,
    withHeaders({ 'correlation-id': randomUUID() }, headers),
    timeoutMs,
  );
}
