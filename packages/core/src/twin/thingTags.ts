import { type EntityTag, revisionTag } from '../headers/entityTag.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { memberOf, valueAt } from '../json/valueAt.ts';
import { hashOfJson, hashTag, listHash, mapHash, NULL_HASH, objectsHash, stringHash } from './javaHash.ts';
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
  return value === undefined ? undefined : hashTag(hashOfPart(resource, keys, value));
}

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
