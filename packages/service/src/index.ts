export { type Config, ConfigError, type LoadedConfig, loadConfig } from './config/config.ts';
export { createLog, type ServiceLog } from './pinoLog.ts';
export type { DittoProtocolMessage, SignalListener, SignalListenerOptions } from './signalListener.ts';
export { type AskOptions, type Hawser, type HawserOptions, startHawser } from './startHawser.ts';
export { type RunningService, type ServiceOptions, StartRefused, startService } from './startService.ts';
