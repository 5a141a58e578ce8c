import { type EntityTag, revisionTag } from '../headers/entityTag.ts';
import { isJsonArray, isJsonNumber, isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { memberOf, valueAt } from '../json/valueAt.ts';
import type { ThingState } from './thingState.ts';

/*
 * Entity tags of things and their parts. Ditto's tag of a part is the hash code of its Java object, and so is this, but for
 * what hashes otherwise in every process: `null`, and definitions that are addresses
 * (base/model/.../headers/entitytag/EntityTagBuilder.java, json/.../Immutable*.java).
 */

/**
 * The tag of what is at a path, `undefined` if nothing is. Merges know the definition and the policy id by the thing's
 * tag (things/service/.../strategies/commands/EntityTagCalculator.java).
 */
export function tagAt(
  state: ThingState,
  resource: string,
  keys: readonly string[],
  isMerge: boolean,
): EntityTag | undefined {
  if (state.lifecycle !== 'active') return undefined;
  if (resource === 'thing' || (isMerge && (resource === 'definition' || resource === 'policyId')))
    return revisionTag(state.revision);
  const value = valueAt(state.thing, keys);
  return value === undefined ? undefined : hashTag(resource, keys, value);
}

const hashTag = (resource: string, keys: readonly string[], value: JsonValue): EntityTag => ({
  isWeak: false,
  opaqueTag: `"hash:${(hashOfPart(resource, keys, value) >>> 0).toString(16)}"`,
});

function hashOfPart(resource: string, keys: readonly string[], value: JsonValue): number {
  switch (resource) {
    case 'policyId':
      return objectsHash([objectsHash([hashOfJson('policy')]), hashOfJson(value)]);
    case 'definition':
      return hashOfDefinition(value);
    case 'features':
      return objectsHash([hashOfFeatures(value)]);
    case 'feature':
      return hashOfFeature(keys[1] ?? '', value);
    case 'featureDefinition':
      return hashOfFeatureDefinition(value);
    case 'attributes':
    case 'featureProperties':
    case 'featureDesiredProperties':
      return objectsHash([hashOfJson(value)]);
    default:
      return hashOfJson(value);
  }
}

function hashOfFeatures(features: JsonValue): number {
  if (!isJsonObject(features)) return NULL_HASH;
  return mapHash(Object.entries(features), (feature, id) => hashOfFeature(id, feature));
}

function hashOfFeature(id: string, feature: JsonValue): number {
  if (!isJsonObject(feature)) return objectsHash([stringHash(id)]);
  const partHash = (field: string, hash: (value: JsonValue) => number): number => {
    const value = memberOf(feature, field);
    return value === undefined ? 0 : hash(value);
  };
  const hashOfProperties = (properties: JsonValue): number => objectsHash([hashOfJson(properties)]);
  return objectsHash([
    stringHash(id),
    partHash('definition', hashOfFeatureDefinition),
    partHash('properties', hashOfProperties),
    partHash('desiredProperties', hashOfProperties),
  ]);
}

const hashOfFeatureDefinition = (identifiers: JsonValue): number =>
  objectsHash([isJsonArray(identifiers) ? listHash(identifiers, hashOfDefinition) : NULL_HASH]);

/** `namespace:name:version`; addresses by their text. */
function hashOfDefinition(identifier: JsonValue): number {
  if (typeof identifier !== 'string') return NULL_HASH;
  const parts = identifier.split(':');
  return objectsHash([
    parts.length === 3 ? objectsHash([...parts.map(stringHash), 0]) : stringHash(identifier),
  ]);
}

const NULL_HASH = 0;
const TRUE_HASH = 1231;
const FALSE_HASH = 1237;

/** As deep as the JSON, which its reader bounds. */
function hashOfJson(json: JsonValue): number {
  if (json === null) return NULL_HASH;
  if (typeof json === 'string') return stringHash(json);
  if (typeof json === 'boolean') return objectsHash([json ? TRUE_HASH : FALSE_HASH]);
  if (isJsonNumber(json)) return numberHash(json.toString());
  if (isJsonArray(json)) return listHash(json, hashOfJson);
  return mapHash(Object.entries(json), (value, key) =>
    objectsHash([objectsHash([stringHash(key)]), hashOfJson(value)]),
  );
}

function stringHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

/** `java.util.Objects.hash`, which is that of a list. */
const objectsHash = (hashes: readonly number[]): number => listHash(hashes, (hash) => hash);

function listHash<T>(items: readonly T[], hashOf: (item: T) => number): number {
  let hash = 1;
  for (const item of items) hash = (Math.imul(hash, 31) + hashOf(item)) | 0;
  return hash;
}

function mapHash(
  entries: readonly (readonly [string, JsonValue | undefined])[],
  hashOf: (value: JsonValue, key: string) => number,
): number {
  let hash = 0;
  for (const [key, value] of entries) {
    if (value !== undefined) hash = (hash + (stringHash(key) ^ hashOf(value, key))) | 0;
  }
  return hash;
}

const INTEGER = /^-?\d+$/;
const MAX_LONG = 2n ** 63n - 1n;

/** An int, else a long, else a double. */
function numberHash(text: string): number {
  const number = Number(text);
  if ((number | 0) === number) return number | 0;
  const integer = INTEGER.test(text) ? BigInt(text) : Number.isInteger(number) ? BigInt(number) : undefined;
  if (integer !== undefined && integer <= MAX_LONG && integer >= -MAX_LONG - 1n) return longHash(integer);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return longHash(view.getBigInt64(0));
}

const longHash = (value: bigint): number =>
  Number(BigInt.asIntN(32, value ^ (BigInt.asUintN(64, value) >> 32n)));
