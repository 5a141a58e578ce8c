import { hostname } from 'node:os';
import type { Config } from './config/config.ts';

/** `INSTANCE_INDEX`, else the host name. */
export const instanceOf = (config: Config): string => config['ditto.instance-index'] || hostname();
