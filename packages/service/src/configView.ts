import type { JsonObject, JsonValue } from '@hawser/core';
import { type Config, settings } from './config/config.ts';
import { instanceOf } from './instanceOf.ts';

/** Ditto's name of this service: its role in a cluster and the first level of aggregated answers. */
export const serviceName = 'connectivity';

const MASK = '***';
const SECRET = /password|key|secret|token|uri$/i;

/** The configuration as nested JSON below a dotted path, secrets masked; undefined for an unknown path. */
export function configAt(config: Config, path: string | undefined): JsonValue | undefined {
  if (path === 'ditto.info') return info(instanceOf(config));
  let part: JsonValue | undefined = nested(config);
  for (const name of path === undefined || path === '' ? [] : path.split('.')) {
    part = isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
  }
  return part;
}

function nested(config: Config): JsonObject {
  const root: Record<string, unknown> = {};
  for (const key of Object.keys(settings)) {
    const names = key.split('.');
    const last = names.pop() ?? '';
    let node = root;
    for (const name of names) {
      node[name] ??= {};
      node = node[name] as Record<string, unknown>;
    }
    const value = config[key as keyof Config];
    node[last] = SECRET.test(last) && value !== '' ? MASK : value;
  }
  return root as JsonObject;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const info = (instance: string): JsonObject => ({
  env: Object.fromEntries(
    Object.values(settings)
      .flatMap(({ env }) => env)
      .filter((name) => process.env[name] !== undefined)
      .map((name) => [name, SECRET.test(name) ? MASK : (process.env[name] ?? '')]),
  ),
  service: { 'instance-id': instance, name: serviceName },
  'vm-args': [],
});
