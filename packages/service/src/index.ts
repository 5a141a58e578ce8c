export { type Config, ConfigError, type LoadedConfig, loadConfig } from './config/config.ts';
export type { ReceivedSignal, SignalListener } from './embed/observedTwin.ts';
export { type Hawser, type HawserOptions, startHawser } from './embed/startHawser.ts';
export { createLog, type ServiceLog } from './pinoLog.ts';
export { type RunningService, type ServiceOptions, StartRefused, startService } from './startService.ts';
