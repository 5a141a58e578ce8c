import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { splitPath } from '../protocol/pointer.ts';
import type { Signal } from '../protocol/signal.ts';

/**
 * The thing as far as a signal tells it: what an event carries, with the enriched fields under it
 * (things/model/.../signals/events/ThingEventToThingConverter.java). Other signals know only the enriched fields.
 *
 * @returns undefined when nothing is known
 */
export function thingOfSignal(
  signal: Signal | undefined,
  extra: JsonObject | undefined,
): JsonObject | undefined {
  const base = signal?.kind === 'event' && signal.entityType === 'thing' ? thingOfEvent(signal) : undefined;
  const hasExtra = extra !== undefined && Object.keys(extra).length > 0;
  if (!hasExtra) return base;
  if (base === undefined) return extra;
  // hidden fields of the event do not outlive the merge, but for its revision
  const { _modified, ...visible } = base;
  return mergeUnder(visible, extra);
}

function thingOfEvent(signal: Signal): JsonObject {
  const { value, revision, timestamp } = signal.adaptable;
  const path = keysOf(signal.resourcePath);
  const isMerged = signal.type.endsWith('Merged');
  const content = isMerged && value !== undefined ? withoutNulls(value) : value;
  const told = signal.type.endsWith('Deleted') || content === undefined ? {} : at(path, content);
  // a whole thing comes with its own time of modification or with none
  const isWhole = path.length === 0 && !isMerged && Object.keys(told).length > 0;
  return {
    ...told,
    thingId: signal.entityId,
    ...namespaceOf(signal.entityId),
    ...(revision === undefined ? {} : { _revision: revision }),
    ...(isWhole || timestamp === undefined ? {} : { _modified: timestamp }),
  };
}

/** The keys of a signal's path. */
export const keysOf = (path: string): readonly string[] =>
  splitPath(path).map((key) => key.replaceAll('~0', '~'));

function namespaceOf(entityId: string | undefined): JsonObject {
  const colon = entityId?.indexOf(':') ?? -1;
  return entityId === undefined || colon < 0 ? {} : { _namespace: entityId.slice(0, colon) };
}

function at(path: readonly string[], value: JsonValue): JsonObject {
  if (path.length === 0) return isJsonObject(value) ? value : {};
  return path.reduceRight<JsonValue>((inner, key) => single(key, inner), value) as JsonObject;
}

/** `{[key]: value}`, also for a key that means something to JavaScript. */
function single(key: string, value: JsonValue): JsonObject {
  return Object.fromEntries([[key, value]]);
}

function withoutNulls(value: JsonValue): JsonValue {
  if (value === null) return {};
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    kept.map(([key, member]) => [key, isJsonObject(member) ? withoutNulls(member) : member]),
  );
}

/** Members of `over` win; objects on both sides are merged. Depth is bounded by what the JSON reader accepts. */
function mergeUnder(over: JsonObject, under: JsonObject): JsonObject {
  const entries = new Map<string, JsonValue | undefined>(Object.entries(over));
  for (const [key, value] of Object.entries(under)) {
    const own = entries.get(key);
    if (own === undefined) entries.set(key, value);
    else if (isJsonObject(own) && isJsonObject(value)) entries.set(key, mergeUnder(own, value));
  }
  return Object.fromEntries(entries);
}
