import type { DittoError } from '../errors/dittoError.ts';
import { jsonInvalid, jsonNotA, jsonWrongType } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { optionalLong, optionalString } from '../json/fields.ts';
import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { put } from '../protocol/dittoHeaders.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { checkPolicyId, checkThingId } from './entityId.ts';
import { checkMemberKeys } from './jsonKeys.ts';

/*
 * The JSON of things as Ditto's model reads and writes it again: members in the model's order, unknown ones dropped
 * (things/model/.../ImmutableThingFromCopyBuilder.java). JSON null stands for "no attributes" and the like and stays.
 */

const SEGMENT = '[_a-zA-Z0-9\\-.]+';
const DEFINITION = new RegExp(`^${SEGMENT}:${SEGMENT}:${SEGMENT}$`);
const DEFINITION_URL = /^https?:\/\/[^\s"<>\\^`{|}]+$/;

/** A thing in two parts. */
export interface ThingJson {
  /** What Protocol messages show. */
  readonly regular: JsonObject;
  /** Members with a leading underscore: revision, times, metadata. */
  readonly special: JsonObject;
}

/** @throws DittoError `json.invalid` for members of the wrong type, and the errors of ids, definitions and keys */
export function readThing(json: JsonObject): ThingJson {
  const thingId = optionalString(json, 'thingId');
  if (thingId !== undefined) checkThingId(thingId);
  const policyId = optionalString(json, 'policyId');
  if (policyId !== undefined) checkPolicyId(policyId);
  const attributes = nullableObject(json, 'attributes');
  if (attributes !== undefined) readAttributes(attributes);
  const definition = Object.hasOwn(json, 'definition') ? json['definition'] : undefined;
  if (definition !== undefined && definition !== null) readThingDefinition(stringOf(definition));
  const features = nullableObject(json, 'features');
  return {
    regular: {
      ...(thingId === undefined ? {} : { thingId }),
      ...(policyId === undefined ? {} : { policyId }),
      ...(definition === undefined ? {} : { definition }),
      ...(attributes === undefined ? {} : { attributes }),
      ...(features === undefined ? {} : { features: readFeatures(features) }),
    },
    special: readSpecial(json),
  };
}

function readSpecial(json: JsonObject): JsonObject {
  if (!hasSpecial(json)) return {};
  const lifecycle = optionalString(json, '_lifecycle');
  const revision = optionalLong(json, '_revision');
  const modified = optionalInstant(json, '_modified');
  const created = optionalInstant(json, '_created');
  const metadata = nullableObject(json, '_metadata');
  return {
    ...(lifecycle === 'ACTIVE' || lifecycle === 'DELETED' ? { _lifecycle: lifecycle } : {}),
    ...(revision === undefined ? {} : { _revision: revision }),
    ...(modified === undefined ? {} : { _modified: modified }),
    ...(created === undefined ? {} : { _created: created }),
    ...(metadata === undefined ? {} : { _metadata: metadata }),
  };
}

function hasSpecial(json: JsonObject): boolean {
  for (const key in json) if (key.startsWith('_')) return true;
  return false;
}

function optionalInstant(json: JsonObject, field: string): string | undefined {
  const text = optionalString(json, field);
  if (text === undefined) return undefined;
  try {
    return canonicalInstant(text);
  } catch {
    throw jsonInvalid(`The JSON object's field </${field}> is not in ISO-8601 format as expected!`);
  }
}

/** @throws DittoError `json.key.invalid` */
export function readAttributes(attributes: JsonObject | null): JsonObject | null {
  checkMemberKeys(attributes);
  return attributes;
}

/** An attribute or a property. @throws DittoError `json.key.invalid` */
export function readAny(value: JsonValue): JsonValue {
  checkMemberKeys(value);
  return value;
}

/** @throws DittoError `json.invalid` for a feature that is no object */
export function readFeatures(features: JsonObject | null): JsonObject | null {
  if (features === null) return null;
  const read: Record<string, JsonValue> = {};
  for (const id in features) {
    const feature = features[id] as JsonValue;
    if (feature !== null && !isJsonObject(feature)) {
      throw jsonInvalid(
        `The Feature value is not an object for Feature with ID '${id}': ${stringifyJson(feature)}`,
      );
    }
    put(read, id, readFeature(feature));
  }
  return read;
}

/** @throws DittoError `json.invalid`, `things:definition.identifier.invalid`, `things:feature.definition.empty`, `json.key.invalid` */
export function readFeature(feature: JsonObject | null): JsonObject | null {
  if (feature === null) return null;
  const properties = nullableObject(feature, 'properties');
  const desiredProperties = nullableObject(feature, 'desiredProperties');
  const definition = Object.hasOwn(feature, 'definition') ? feature['definition'] : undefined;
  if (definition !== undefined && definition !== null && !isJsonArray(definition)) {
    throw jsonWrongType('/definition', definition, 'JsonArray');
  }
  return {
    ...(definition === undefined ? {} : { definition: readFeatureDefinition(definition) }),
    ...(properties === undefined ? {} : { properties: readAttributes(properties) }),
    ...(desiredProperties === undefined ? {} : { desiredProperties: readAttributes(desiredProperties) }),
  };
}

/** @throws DittoError `things:feature.definition.empty`, `things:definition.identifier.invalid` (things/model/.../ImmutableFeatureDefinition.java) */
export function readFeatureDefinition(identifiers: JsonArray | null): JsonArray | null {
  if (identifiers === null) return null;
  if (identifiers.length === 0) {
    throw makeError('things:feature.definition.empty', 'Feature Definition must not be empty!');
  }
  const stranger = identifiers.find((identifier) => typeof identifier !== 'string');
  if (stranger !== undefined) {
    throw identifierInvalid(stringifyJson(stranger), {
      description: 'The provided identifier is not a JSON string, please adjust it accordingly.',
    });
  }
  return identifiers.map((identifier) => readThingDefinition(identifier as string));
}

/** @throws DittoError `things:definition.identifier.invalid` */
export function readThingDefinition(identifier: string): string {
  if (DEFINITION.test(identifier) || DEFINITION_URL.test(identifier)) return identifier;
  throw identifierInvalid(identifier);
}

const identifierInvalid = (identifier: string, more?: { readonly description: string }): DittoError =>
  makeError(
    'things:definition.identifier.invalid',
    `Definition identifier <${identifier}> is invalid!`,
    more,
  );

function stringOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  throw jsonNotA('a string', value);
}

function nullableObject(json: JsonObject, field: string): JsonObject | null | undefined {
  const value = Object.hasOwn(json, field) ? json[field] : undefined;
  if (value === undefined || value === null || isJsonObject(value)) return value;
  throw jsonWrongType(`/${field}`, value, 'JsonObject');
}
