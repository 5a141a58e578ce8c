import type { Clock, ConnectivityCommands, Store } from '@hawser/core';
import type { Config } from './config/config.ts';
import type { ServiceLog } from './pinoLog.ts';

/** Everything below the HTTP door. */
export interface Engine {
  readonly commands: ConnectivityCommands;
  readonly store: Store;
  /** True once the list of connections is loaded. */
  isReady(): boolean;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: ServiceLog;
}

export async function composeEngine(_options: EngineOptions): Promise<Engine> {
  throw new Error('the actor system is not part of this build');
}
