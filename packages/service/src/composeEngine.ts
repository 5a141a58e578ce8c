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
  resolveHonoConnection,
  type ScriptEngine,
  type Store,
  type TwinService,
  type ValidationConfig,
  validateConnection,
} from '@hawser/core';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';
import {
  actorsConfigOf,
  honoConfigOf,
  lineConfigOf,
  scriptLimitsOf,
  validationConfigOf,
} from './componentConfig.ts';
import type { Config } from './config/config.ts';
import { createStore } from './createStore.ts';
import { instanceOf } from './instanceOf.ts';
import type { ServiceLog } from './pinoLog.ts';
import { createScriptEngine } from './scripts/scriptEngine.ts';

/** Everything below the HTTP door. */
export interface Engine {
  readonly commands: ConnectivityCommands;
  readonly store: Store;
  /** Where signals of connections meet. */
  readonly twin: TwinService;
  /** True once the list of connections is loaded. */
  isReady(): boolean;
  /** Closes all clients gracefully, stops the actors, closes the store. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: ServiceLog;
}

/** What is found out about a connection before it is validated. */
interface Facts {
  /** Refuses scripts that could not be loaded. */
  readonly scripts: ScriptEngine;
}

const withScripts = (validation: ValidationConfig, scripts: ScriptEngine): ValidationConfig => ({
  ...validation,
  engines: [...builtInEngines, javaScriptEngine(scripts)],
});

/** Opens the store and starts the actors over it. @throws StoreError when the data cannot be used */
export async function composeEngine({ config, clock, log }: EngineOptions): Promise<Engine> {
  const store = createStore(config, clock, log.child({ part: 'store' }));
  await store.open();
  if (store.lastFailure !== undefined)
    log.warn('the store ended the previous process', { ...store.lastFailure });
  const scripts = createScriptEngine(scriptLimitsOf(config), log.child({ part: 'scripts' }));
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
  const validateStored = (connection: Connection, facts: unknown): void => {
    validateConnection(connection, withScripts(validation, (facts as Facts | undefined)?.scripts ?? scripts));
  };
  const validate = (connection: Connection, facts: unknown): void => {
    validateStored(connection, facts);
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
    rules: {
      findFacts: async (connection): Promise<Facts> => ({
        scripts: await scripts.tryOut(connection.mappingDefinitions),
      }),
      validate,
      validateStored,
      resolveHono: (connection) => resolveHonoConnection(connection, hono),
    },
  });
  void system.whenReopened.then(onReopened);
  return {
    commands: system.commands,
    store,
    twin,
    isReady: () => system.isReady(),
    stop: async () => {
      await system.stop();
      await scripts.close();
      await store.close();
    },
  };
}
