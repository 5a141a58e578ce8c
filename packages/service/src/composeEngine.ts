import { randomUUID } from 'node:crypto';
import {
  type ActorSystemStats,
  createClientSessions,
  InProcessTwin,
  LogTimings,
  type ObservedSessions,
  type SampledTiming,
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
  lookUpHosts,
  type ProtocolAdapter,
  resolveHonoConnection,
  type ScriptEngine,
  type Store,
  type TwinService,
  type ValidationConfig,
  validateConnection,
} from '@hawser/core';
import {
  amqp10Adapter,
  amqp091Adapter,
  httpPushAdapter,
  kafkaAdapter,
  mqttAdapter,
  openSshTunnel,
} from '@hawser/protocols';
import { Closing } from './closing.ts';
import {
  actorsConfigOf,
  blockedHostnamesOf,
  honoConfigOf,
  lineConfigOf,
  scriptLimitsOf,
  twinConfigOf,
  validationConfigOf,
} from './componentConfig.ts';
import type { Config } from './config/config.ts';
import { DescriptorReserve, processDescriptors } from './descriptors.ts';
import { devOpsCommands } from './devOpsCommands.ts';
import { hostResolver } from './hostResolver.ts';
import { instanceOf } from './instanceOf.ts';
import type { OpenLogPublisher } from './observe/openLogPublisher.ts';
import { openTracing } from './observe/openTracing.ts';
import { createScriptEngine } from './scripts/scriptEngine.ts';
import { type OpenStore, openStore } from './store/openStore.ts';
import type { KeyOrigin } from './store/secretKeys.ts';
import { storeActors } from './store/storeActors.ts';
import { findValidationFacts, type ValidationFacts } from './validationFacts.ts';

/** Everything below the HTTP door. */
export interface Engine {
  readonly commands: ConnectivityCommands;
  readonly store: Store;
  /** Where the key of the stored secrets comes from. */
  readonly keyOrigin: KeyOrigin;
  /** Counters and logs of all connections. */
  readonly sessions: ObservedSessions;
  /** Time of the writes of the journal. */
  readonly journalTiming: Timing;
  /** Time that entries of logs take. */
  readonly logTimings: LogTimings;
  /** Threads of mapping scripts that were started again. */
  readonly scriptRestarts: () => number;
  /** What the things and policies of this process do. */
  readonly twinStats: () => ReturnType<InProcessTwin['stats']>;
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
  /** Keys that were set by the operator. */
  readonly given: ReadonlySet<string>;
  readonly clock: Clock;
  readonly log: Log;
  /** In place of the store that the configuration names. */
  readonly store?: Store;
  /** Before the built-in ones for the types that they serve. */
  readonly adapters?: readonly ProtocolAdapter[];
  readonly probe?: SocketProbe;
  /** What stands before or in place of the twin of this process. Default: nothing. */
  readonly twinOver?: (own: TwinService) => TwinService;
}

/** A command waits no longer than this for the name server. */
const hostLookupTimeoutMs = 5_000;

const withScripts = (validation: ValidationConfig, scripts: ScriptEngine): ValidationConfig => ({
  ...validation,
  engines: [...builtInEngines, javaScriptEngine(scripts)],
});

/**
 * Opens the store and starts the actors over it: everything, or nothing.
 *
 * @throws StoreError when the data cannot be used; ConfigError
 */
export async function composeEngine(options: EngineOptions): Promise<Engine> {
  const { config, given, clock, log, store } = options;
  const opened = await openStore({ config, given, clock, log: log.child({ part: 'store' }), store });
  const closing = new Closing();
  closing.add(() => opened.close());
  try {
    return await startOver(opened, options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** @param closing is told what the engine opens */
async function startOver(opened: OpenStore, options: EngineOptions, closing: Closing): Promise<Engine> {
  const { config, clock, log } = options;
  const { store } = opened;
  const ownTwin = new InProcessTwin({
    store,
    clock,
    log: log.child({ part: 'twin' }),
    instance: instanceOf(config),
    ...twinConfigOf(config),
  });
  closing.add(() => ownTwin.drained());
  const twin = options.twinOver?.(ownTwin) ?? ownTwin;
  if (store.lastFailure !== undefined)
    log.warn('the store ended the previous process', { ...store.lastFailure });
  const tracing = openTracing(config, clock, log.child({ part: 'tracing' }));
  closing.add(async () => tracing?.close());
  const logTimings = new LogTimings(() => clock.monotonic());
  const logPublisher = await logPublisherOf(
    config,
    clock,
    log.child({ part: 'log-publisher' }),
    logTimings.prepared,
  );
  closing.add(async () => logPublisher?.close());
  const scripts = createScriptEngine(scriptLimitsOf(config), log.child({ part: 'scripts' }));
  closing.add(() => scripts.close());
  const environment = {
    now: () => clock.now(),
    newId: randomUUID,
    engines: [...builtInEngines, javaScriptEngine(scripts)],
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
  const reserve = new DescriptorReserve(processDescriptors(), clock);
  const hono = honoConfigOf(config);
  const resolveHono = (connection: Connection): Connection => resolveHonoConnection(connection, hono);
  const sessions = createClientSessions({
    tracer: tracing?.tracer,
    logTimings,
    adapters: adaptersWith(options.adapters ?? []).map((adapter) => reserve.guard(adapter)),
    ...(options.probe === undefined ? {} : { probe: options.probe }),
    openTunnel: openSshTunnel,
    resolve: (connection) => (connection.connectionType === 'hono' ? resolveHono(connection) : connection),
    compile: (connection) => compileConnection(connection, environment),
    dispatcher: twin,
    clock,
    log: log.child({ part: 'client' }),
    config: {
      ...lineConfigOf(config),
      ...(logPublisher === undefined ? {} : { publishLog: logPublisher.publisherOf }),
    },
    createId: randomUUID,
    // a source that opened before the targets are known would settle messages that nobody could take
    recovered,
  });
  const resolveHost = hostResolver(clock, hostLookupTimeoutMs);
  const blockedNames = await lookUpHosts(blockedHostnamesOf(config), resolveHost);
  const validation = withScripts(validationConfigOf(config, blockedNames), scripts);
  const validateStored = (connection: Connection, facts: unknown): void => {
    const found = facts as ValidationFacts | undefined;
    const rules = found === undefined ? validation : withScripts(validation, found.scripts);
    validateConnection(connection, rules, found?.hosts);
  };
  const validate = (connection: Connection, facts: unknown): void => {
    validateStored(connection, facts);
    checkClientConfiguration(connection);
  };
  const system = startActorSystem({
    store,
    sessions,
    clock,
    log: log.child({ part: 'actors' }),
    config: actorsConfigOf(config),
    instance: instanceOf(config),
    singles: { ...storeActors(opened), '/user/devOpsCommandsActor': devOpsCommands(config) },
    rules: {
      findFacts: findValidationFacts(scripts, validation, resolveHost),
      validate,
      validateStored,
      resolveHono,
    },
  });
  closing.add(() => system.stop());
  void system.whenReopened.then(onReopened);
  return {
    commands: system.commands,
    store,
    keyOrigin: opened.keyOrigin,
    sessions,
    journalTiming: opened.journalTiming,
    logTimings,
    scriptRestarts: () => scripts.endedThreads,
    twinStats: () => ownTwin.stats(),
    logPublisher,
    whenReopened: system.whenReopened,
    stats: () => system.stats(),
    isReady: () => system.isReady(),
    stop: () => closing.close(),
  };
}

/** Its library is loaded where it is wanted alone. @throws ConfigError */
async function logPublisherOf(
  config: Config,
  clock: Clock,
  log: Log,
  prepared: SampledTiming,
): Promise<OpenLogPublisher | undefined> {
  if (!config['ditto.connectivity.monitoring.logger.publisher.enabled']) return undefined;
  const { openLogPublisher } = await import('./observe/openLogPublisher.ts');
  return openLogPublisher(config, clock, log, prepared);
}

/** One adapter a type: given ones take the place of those that come with Hawser. */
function adaptersWith(given: readonly ProtocolAdapter[]): readonly ProtocolAdapter[] {
  const taken = new Set(given.flatMap(({ connectionTypes }) => connectionTypes));
  const builtIn = [mqttAdapter, amqp091Adapter, amqp10Adapter, httpPushAdapter, kafkaAdapter].map(
    (adapter) => ({
      ...adapter,
      connectionTypes: adapter.connectionTypes.filter((type) => !taken.has(type)),
    }),
  );
  return [...given, ...builtIn];
}
