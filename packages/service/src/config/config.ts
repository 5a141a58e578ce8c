import { dittoSettings, type Setting } from './dittoSettings.ts';
import { parseDurationMs } from './duration.ts';
import { hawserSettings } from './hawserSettings.ts';
import { nearestName } from './nearestName.ts';

export const settings = { ...dittoSettings, ...hawserSettings };
export type ConfigKey = keyof typeof settings;

type ValueOf<S extends Setting> = S['type'] extends 'boolean'
  ? boolean
  : S['type'] extends 'int' | 'number' | 'duration'
    ? number
    : S['type'] extends 'list'
      ? readonly string[]
      : S['type'] extends 'group'
        ? SettingGroup
        : string;

/** Members of a group by name, each with its settings. */
export type SettingGroup = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The service's configuration, complete and checked. Durations are milliseconds. */
export type Config = { readonly [K in ConfigKey]: ValueOf<(typeof settings)[K]> };

/** A setting that cannot be used: one clear line, exit code 1. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Content of the file of `HAWSER_CONFIG`: nested or dotted keys. */
  readonly file?: unknown;
  /** `key=value` of each `--set`. */
  readonly set?: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  /** Lines for people: unknown keys with the nearest known one, settings without effect. */
  readonly warnings: readonly string[];
  /** Keys that were given by environment, file or command line. */
  readonly given: ReadonlySet<string>;
}

/** Reads the configuration. Environment wins over the file, `--set` over both. @throws ConfigError */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const warnings: string[] = [];
  const raw = new Map<string, unknown>();
  const groups = new Map<string, Map<string, Map<string, unknown>>>();
  const take = (key: string, value: unknown, origin: string): void => {
    const group = groupOf(key);
    if (group !== undefined) {
      setMember(groups, group, key, value);
      return;
    }
    if (!isKnown(key)) {
      warnings.push(unknownKey(key, origin));
      return;
    }
    if ((settings[key] as Setting).inert) warnings.push(`${key} (${origin}) has no effect in Hawser`);
    raw.set(key, value);
  };

  for (const [key, value] of flatten(sources.file ?? {})) take(key, value, 'configuration file');
  for (const [key, setting] of Object.entries<Setting>(settings)) {
    const variable = setting.env.find((name) => sources.env[name] !== undefined && sources.env[name] !== '');
    if (variable !== undefined) raw.set(key, sources.env[variable]);
  }
  for (const text of sources.set ?? []) {
    const at = text.indexOf('=');
    if (at < 1) throw new ConfigError(`--set ${text}: expected key=value`);
    take(text.slice(0, at), text.slice(at + 1), '--set');
  }

  const entries = Object.entries<Setting>(settings).map(([key, setting]) => [
    key,
    setting.type === 'group' ? plain(groups.get(key)) : read(key, setting, raw.get(key)),
  ]);
  return { config: Object.fromEntries(entries) as Config, warnings, given: new Set(raw.keys()) };
}

const isKnown = (key: string): key is ConfigKey => Object.hasOwn(settings, key);

const groupOf = (key: string): string | undefined =>
  Object.entries<Setting>(settings).find(
    ([name, { type }]) => type === 'group' && key.startsWith(`${name}.`),
  )?.[0];

/** `group.member.name`: a member's own name holds no dot. @throws ConfigError */
function setMember(
  groups: Map<string, Map<string, Map<string, unknown>>>,
  group: string,
  key: string,
  value: unknown,
): void {
  const rest = key.slice(group.length + 1);
  const dot = rest.indexOf('.');
  if (dot < 1) throw new ConfigError(`${key}: expected ${group}.<name>.<setting>`);
  const members = groups.get(group) ?? new Map<string, Map<string, unknown>>();
  const member = members.get(rest.slice(0, dot)) ?? new Map<string, unknown>();
  groups.set(group, members.set(rest.slice(0, dot), member.set(rest.slice(dot + 1), value)));
}

const plain = (group: ReadonlyMap<string, ReadonlyMap<string, unknown>> = new Map()): SettingGroup =>
  Object.fromEntries([...group].map(([name, member]) => [name, Object.fromEntries(member)]));

function unknownKey(key: string, origin: string): string {
  return `unknown key ${key} (${origin}); did you mean ${nearestName(key, Object.keys(settings))}?`;
}

/** Leaves of a nested object as dotted keys; arrays are leaves. */
function* flatten(value: unknown, prefix = ''): Generator<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (prefix === '') throw new ConfigError('configuration file: expected a JSON object');
    yield [prefix, value];
    return;
  }
  for (const [key, member] of Object.entries(value))
    yield* flatten(member, prefix === '' ? key : `${prefix}.${key}`);
}

function read(key: string, setting: Setting, given: unknown): unknown {
  const value = given ?? setting.default;
  const refuse = (expected: string): never => {
    throw new ConfigError(`${key}: expected ${expected}, got ${JSON.stringify(value)}`);
  };
  switch (setting.type) {
    case 'string':
      return typeof value === 'object' ? refuse('a text') : String(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (/^(true|on|yes)$/i.test(String(value))) return true;
      return /^(false|off|no)$/i.test(String(value)) ? false : refuse('true or false');
    case 'int': {
      const number = Number(value);
      return String(value).trim() !== '' && Number.isInteger(number) ? number : refuse('a whole number');
    }
    case 'number': {
      const number = Number(value);
      return String(value).trim() !== '' && Number.isFinite(number) ? number : refuse('a number');
    }
    case 'duration':
      return parseDurationMs(String(value)) ?? refuse('a duration such as 50s or 500ms');
    case 'group':
    case 'list':
      if (Array.isArray(value)) return value.map(String);
      return typeof value === 'string'
        ? value
            .split(',')
            .map((item) => item.trim())
            .filter((item) => item !== '')
        : refuse('a list or comma-separated text');
  }
}
