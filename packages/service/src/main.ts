import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, type LoadedConfig, loadConfig } from './config/config.ts';
import { createLog, type ServiceLog } from './pinoLog.ts';
import { type RunningService, StartRefused, startService } from './startService.ts';
import { version } from './version.ts';

const USAGE = `usage: hawser start [--set key=value]…
       hawser --version

Starts the connectivity service. Settings come from Ditto's environment variables, from the JSON file
that HAWSER_CONFIG names, and from --set; the environment wins over the file, --set over both.`;

/** The `hawser` program. Sets the exit code: 0 after a graceful end, 1 when the start was refused, 2 for wrong usage. */
export async function main(args: readonly string[]): Promise<void> {
  const { command, set } = parse(args);
  if (command === '--version') console.log(version);
  else if (command === '--help') console.log(USAGE);
  else if (command === 'start') await start(set);
  else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}

function parse(args: readonly string[]): { readonly command: string; readonly set: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        set: { type: 'string', multiple: true },
        version: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.version) return { command: '--version', set: [] };
    if (values.help) return { command: '--help', set: [] };
    return { command: positionals.length === 1 ? String(positionals[0]) : '', set: values.set ?? [] };
  } catch {
    return { command: '', set: [] };
  }
}

async function start(set: readonly string[]): Promise<void> {
  let log: ServiceLog | undefined;
  try {
    const loaded = load(set);
    log = createLog(loaded.config['hawser.log-level']);
    for (const warning of loaded.warnings) log.warn('configuration', { warning });
    const service = await startService({ config: loaded.config, given: loaded.given, log });
    endOnSignals(service, log);
    // said only now: who reads it may send a signal at once
    log.info('ready', { url: service.url, store: service.store, instance: service.instance });
  } catch (error) {
    refuse(error, log);
  }
}

/** @throws ConfigError */
function load(set: readonly string[]): LoadedConfig {
  const path = process.env['HAWSER_CONFIG'];
  return loadConfig({ env: process.env, set, ...(path ? { file: readConfigFile(path) } : {}) });
}

function readConfigFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`HAWSER_CONFIG: ${path} cannot be read as JSON: ${(error as Error).message}`);
  }
}

/** One clear line and exit code 1; what is no known refusal is a defect and shown whole. */
function refuse(error: unknown, log: ServiceLog | undefined): never {
  const reason = error instanceof Error ? error.message : String(error);
  const isKnown = error instanceof ConfigError || error instanceof StartRefused;
  if (log === undefined) console.error(JSON.stringify({ level: 'error', msg: 'start refused', reason }));
  else log.error('start refused', isKnown ? { reason } : { reason, error });
  process.exit(1);
}

/** The first SIGTERM or SIGINT ends the service gracefully, a second one at once. */
function endOnSignals(service: RunningService, log: ServiceLog): void {
  let isEnding = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isEnding) process.exit(1);
    isEnding = true;
    log.info('ending', { signal });
    await service.stop().catch((error: unknown) => log.error('end was not clean', { error }));
    log.info('ended');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
}
