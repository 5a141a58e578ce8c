import { randomUUID } from 'node:crypto';
import {
  type ActorSystemStats,
  createClientSessions,
  InProcessTwin,
  type ObservedSessions,
  type SocketProbe,
  startActorSystem,
  type Timing,
} from '@hawser/actors';
import {
  builtInEngines,
  type Clock,
  type Connection,
  type ConnectivityCommands,
  checkClientConfiguration,
  compileConnection,
  defaultPipelineLimits,
  javaScriptEngine,
  type Log,
  mapperConfigurationFailed,
  type ProtocolAdapter,
  resolveHonoConnection,
  type ScriptEngine,
  type Store,
  type TwinService,
  validateConnection,
} from '@hawser/core';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';
import { actorsConfigOf, honoConfigOf, lineConfigOf, validationConfigOf } from './componentConfig.ts';
import type { Config } from './config/config.ts';
import { createStore } from './createStore.ts';
import { devOpsCommands } from './devOpsCommands.ts';
import { instanceOf } from './instanceOf.ts';
import { type OpenLogPublisher, openLogPublisher } from './observe/openLogPublisher.ts';
import { openTracing } from './observe/openTracing.ts';
import { timedStore } from './observe/processMetrics.ts';
import { storeUpkeep } from './upkeep/storeUpkeep.ts';

/** Everything below the HTTP door. */
export interface Engine {
  readonly commands: ConnectivityCommands;
  readonly store: Store;
  /** Where signals of connections meet. */
  readonly twin: TwinService;
  /** Counters and logs of all connections. */
  readonly sessions: ObservedSessions;
  /** Time of the writes of the journal. */
  readonly journalTiming: Timing;
  /** Threads of mapping scripts that were started again. */
  readonly scriptRestarts: () => number;
  /** Absent unless log entries are published. */
  readonly logPublisher: OpenLogPublisher | undefined;
  /** Resolves when every connection that is to be open takes signals, or has failed to. */
  readonly whenReopened: Promise<void>;
  stats(): ActorSystemStats;
  /** True once the list of connections is loaded. */
  isReady(): boolean;
  /** Closes all clients gracefully, stops the actors, closes the store. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** In place of the store that the configuration names. */
  readonly store?: Store;
  /** Before the built-in ones for the types that they serve. */
  readonly adapters?: readonly ProtocolAdapter[];
  readonly probe?: SocketProbe;
  /** Default: signals between the connections of this process. */
  readonly twin?: TwinService;
}

/** A mapper that is left out has the default mapper in its place: without this, a user's script would silently not run. */
const noScripts: ScriptEngine = {
  createMapper: () => {
    throw mapperConfigurationFailed('This build of Hawser runs no scripts.');
  },
};

/** Opens the store and starts the actors over it. @throws StoreError when the data cannot be used */
export async function composeEngine(options: EngineOptions): Promise<Engine> {
  const { config, clock, log, twin = new InProcessTwin() } = options;
  const storeLog = log.child({ part: 'store' });
  const upkeep = storeUpkeep(options.store ?? createStore(config, clock, storeLog), {
    config,
    clock,
    log: storeLog,
    random: Math.random,
  });
  const { store } = upkeep;
  await store.open();
  if (store.lastFailure !== undefined)
    log.warn('the store ended the previous process', { ...store.lastFailure });
  const environment = {
    now: () => clock.now(),
    newId: randomUUID,
    engines: [...builtInEngines, javaScriptEngine(noScripts)],
    limits: {
      ...defaultPipelineLimits,
      maxMappedInboundMessages:
        config['ditto.connectivity.mapping.mapper-limits.max-mapped-inbound-messages'],
      maxMappedOutboundMessages:
        config['ditto.connectivity.mapping.mapper-limits.max-mapped-outbound-messages'],
    },
  };
  let onReopened: () => void = () => undefined;
  const recovered = new Promise<void>((resolve) => {
    onReopened = resolve;
  });
  const logPublisher = openLogPublisher(config, clock, log.child({ part: 'log-publisher' }));
  const tracing = openTracing(config, clock, log.child({ part: 'tracing' }));
  const sessions = createClientSessions({
    tracer: tracing?.tracer,
    adapters: adaptersWith(options.adapters ?? []),
    ...(options.probe === undefined ? {} : { probe: options.probe }),
    compile: (connection) => compileConnection(connection, environment),
    dispatcher: twin,
    clock,
    log: log.child({ part: 'client' }),
    config: {
      ...lineConfigOf(config),
      ...(logPublisher === undefined ? {} : { publishLog: logPublisher.publish }),
    },
    createId: randomUUID,
    // a source that opened before the targets are known would settle messages that nobody could take
    recovered,
  });
  const validation = validationConfigOf(config);
  const validateStored = (connection: Connection): void => {
    validateConnection(connection, validation);
  };
  const validate = (connection: Connection): void => {
    validateStored(connection);
    checkClientConfiguration(connection);
  };
  const hono = honoConfigOf(config);
  const timed = timedStore(store, () => clock.monotonic());
  const system = startActorSystem({
    store: timed.store,
    sessions,
    clock,
    log: log.child({ part: 'actors' }),
    config: actorsConfigOf(config),
    instance: instanceOf(config),
    singles: upkeep.singles,
    devOps: devOpsCommands(config),
    rules: {
      validate,
      validateStored,
      resolveHono: (connection) => resolveHonoConnection(connection, hono),
    },
  });
  void system.whenReopened.then(onReopened);
  upkeep.start();
  return {
    commands: system.commands,
    store,
    twin,
    sessions,
    journalTiming: timed.journal,
    scriptRestarts: () => 0,
    logPublisher,
    whenReopened: system.whenReopened,
    stats: () => system.stats(),
    isReady: () => system.isReady(),
    stop: async () => {
      upkeep.stop();
      await system.stop();
      await logPublisher?.close();
      await tracing?.close();
      await store.close();
    },
  };
}

/** One adapter a type: given ones take the place of those that come with Hawser. */
function adaptersWith(given: readonly ProtocolAdapter[]): readonly ProtocolAdapter[] {
  const taken = new Set(given.flatMap(({ connectionTypes }) => connectionTypes));
  const builtIn = [mqttAdapter, amqp091Adapter].map((adapter) => ({
    ...adapter,
    connectionTypes: adapter.connectionTypes.filter((type) => !taken.has(type)),
  }));
  return [...given, ...builtIn];
}
