import { randomUUID } from 'node:crypto';
import { createClientSessions, InProcessTwin, startActorSystem } from '@hawser/actors';
import {
  builtInEngines,
  type Clock,
  type Connection,
  type ConnectivityCommands,
  checkClientConfiguration,
  compileConnection,
  defaultPipelineLimits,
  javaScriptEngine,
  mapperConfigurationFailed,
  resolveHonoConnection,
  type ScriptEngine,
  type Store,
  type TwinService,
  validateConnection,
} from '@hawser/core';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';
import { actorsConfigOf, honoConfigOf, lineConfigOf, validationConfigOf } from './componentConfig.ts';
import type { Config } from './config/config.ts';
import { instanceOf } from './instanceOf.ts';
import type { ServiceLog } from './pinoLog.ts';
import { openStore } from './store/openStore.ts';
import type { KeyOrigin } from './store/secretKeys.ts';
import { storeActors } from './store/storeActors.ts';

/** Everything below the HTTP door. */
export interface Engine {
  readonly commands: ConnectivityCommands;
  readonly store: Store;
  /** Where the key of the stored secrets comes from. */
  readonly keyOrigin: KeyOrigin;
  /** Where signals of connections meet. */
  readonly twin: TwinService;
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
  readonly log: ServiceLog;
}

/** A mapper that is left out has the default mapper in its place: without this, a user's script would silently not run. */
const noScripts: ScriptEngine = {
  createMapper: () => {
    throw mapperConfigurationFailed('This build of Hawser runs no scripts.');
  },
};

/** Opens the store and starts the actors over it. @throws StoreError when the data cannot be used */
export async function composeEngine({ config, given, clock, log }: EngineOptions): Promise<Engine> {
  const opened = await openStore({ config, given, clock, log: log.child({ part: 'store' }) });
  const { store } = opened;
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
  const twin = new InProcessTwin();
  let onReopened: () => void = () => undefined;
  const recovered = new Promise<void>((resolve) => {
    onReopened = resolve;
  });
  const sessions = createClientSessions({
    adapters: [mqttAdapter, amqp091Adapter],
    compile: (connection) => compileConnection(connection, environment),
    dispatcher: twin,
    clock,
    log: log.child({ part: 'client' }),
    config: lineConfigOf(config),
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
  const system = startActorSystem({
    store,
    sessions,
    clock,
    log: log.child({ part: 'actors' }),
    config: actorsConfigOf(config),
    instance: instanceOf(config),
    singles: storeActors(opened),
    rules: {
      validate,
      validateStored,
      resolveHono: (connection) => resolveHonoConnection(connection, hono),
    },
  });
  void system.whenReopened.then(onReopened);
  return {
    commands: system.commands,
    store,
    keyOrigin: opened.keyOrigin,
    twin,
    isReady: () => system.isReady(),
    stop: async () => {
      await system.stop();
      await opened.close();
    },
  };
}
