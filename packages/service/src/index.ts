export { type Config, ConfigError, type LoadedConfig, loadConfig } from './config/config.ts';
export { createLog, type ServiceLog } from './pinoLog.ts';
export { type RunningService, type ServiceOptions, StartRefused, startService } from './startService.ts';
