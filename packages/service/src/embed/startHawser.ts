import type { SocketProbe } from '@hawser/actors';
import {
  type Clock,
  copyJson,
  type DittoHeaders,
  type JsonObject,
  type Log,
  type ProtocolAdapter,
  type Reply,
  type Store,
  silentLog,
  type TwinService,
  targetTimeoutMs,
} from '@hawser/core';
import { MemoryStore } from '@hawser/persistence';
import { composeEngine, type Engine } from '../composeEngine.ts';
import { type ConfigKey, loadConfig } from '../config/config.ts';
import { systemClock } from '../systemClock.ts';
import { ObservedTwin, type SignalListener } from './observedTwin.ts';

export interface HawserOptions {
  /** By Ditto's and Hawser's keys, e.g. `{ 'hawser.data': './data' }`. Neither environment nor files are read. */
  readonly settings?: Readonly<Partial<Record<ConfigKey, unknown>>>;
  /** Where connections are kept. Default: what the settings say, which is the embedded journal. Opened and closed here. */
  readonly store?: Store | 'memory';
  /** Transports of your own; they come before the built-in ones for the types that they serve. */
  readonly adapters?: readonly ProtocolAdapter[];
  /** Whether a broker's address takes connections, asked before a client connects. Default: a TCP connection is tried. */
  readonly probe?: SocketProbe;
  /** What the rest of Ditto is to connections. Default: things, policies and signals of this instance. */
  readonly twin?: TwinService;
  /** Default: nothing is logged. */
  readonly log?: Log;
  readonly clock?: Clock;
}

/** A running Hawser inside of another program. */
export interface Hawser {
  /** Lines about settings that are unknown or have no effect. */
  readonly warnings: readonly string[];
  /** Resolves when every connection that was open has been opened again, or has failed to. */
  readonly whenReopened: Promise<void>;
  /**
   * Sends a command to an actor, e.g. at `/system/sharding/connection`. Refusals are answers too (`isError`).
   *
   * @param headers `timeout` is how long to wait; default 10 s
   * @throws DittoError `ask.error` when nobody answers in time
   */
  ask(selection: string, command: JsonObject, headers?: DittoHeaders): Promise<Reply>;
  /**
   * Publishes a signal in Ditto Protocol to the targets that subscribe to it.
   *
   * @returns its answers, once every publish that it caused has finished
   * @throws DittoError
   */
  publish(signal: JsonObject): Promise<readonly JsonObject[]>;
  /** Listens to the signals that sources deliver, and to published ones. Returns how to stop listening. */
  onSignal(listener: SignalListener): () => void;
  /** Closes all clients gracefully, then the store. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts Hawser without HTTP. Instances share nothing: several may run in one process.
 *
 * @throws ConfigError, StoreError
 */
export async function startHawser(options: HawserOptions = {}): Promise<Hawser> {
  const { store, adapters, probe, twin: inner, log = silentLog, clock = systemClock } = options;
  const { config, given, warnings } = loadConfig({ env: {}, file: options.settings ?? {} });
  let observed: ObservedTwin | undefined;
  const engine = await composeEngine({
    config,
    given,
    clock,
    log,
    twinOver: (own) => {
      observed = new ObservedTwin(inner ?? own, log);
      return observed;
    },
    ...(store === undefined ? {} : { store: store === 'memory' ? new MemoryStore() : store }),
    ...(adapters === undefined ? {} : { adapters }),
    ...(probe === undefined ? {} : { probe }),
  });
  const twin = observed as ObservedTwin;
  return {
    warnings,
    whenReopened: engine.whenReopened,
    ask: async (selection, command, headers = {}) => {
      const reply = await engine.commands.ask(selection, command, headers, targetTimeoutMs(headers));
      // answers are made of what actors keep; the caller may change its own
      return { ...reply, json: copyJson(reply.json) };
    },
    publish: async (signal) => twin.publish(signal),
    onSignal: (listener) => twin.listen(listener),
    stop: stopOnce(engine),
  };
}

function stopOnce(engine: Engine): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= engine.stop();
    return stopped;
  };
}
