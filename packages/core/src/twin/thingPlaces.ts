import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { valueAt } from '../json/valueAt.ts';
import { partNotFound, type ThingPart } from './thingPartNotFound.ts';

/** What a command is about. */
export interface ThingPlace {
  readonly thingId: string;
  /** Ditto's name of the resource: `featureProperty`. */
  readonly resource: string;
  /** Of the path. */
  readonly keys: readonly string[];
}

const PROPERTIES_OF: Readonly<Record<string, ThingPart>> = {
  featureProperty: 'featureProperties',
  featureDesiredProperty: 'featureDesiredProperties',
};

/**
 * A part of a feature can only be where the feature is.
 * @throws DittoError `things:feature.notfound`
 */
export function checkParent({ thingId, keys }: ThingPlace, thing: JsonObject): void {
  if (keys.length > 2 && keys[0] === 'features' && valueAt(thing, keys.slice(0, 2)) === undefined)
    throw partNotFound('feature', thingId, keys);
}

/**
 * What is at the place of a thing. Who retrieves an attribute or a property is told also that there are none at all
 * (things/service/.../strategies/commands/RetrieveAttributeStrategy.java, DeleteAttributeStrategy.java and the like).
 *
 * @throws DittoError `things:*.notfound`
 */
export function checkIsThere(place: ThingPlace, thing: JsonObject, use: 'retrieve' | 'delete'): JsonValue {
  const { resource, thingId, keys } = place;
  const value = valueAt(thing, keys);
  if (value !== undefined) return value;
  checkParent(place, thing);
  if (use === 'retrieve') {
    if (resource === 'attribute' && valueAt(thing, keys.slice(0, 1)) === undefined)
      throw partNotFound('attributes', thingId, keys);
    const properties = PROPERTIES_OF[resource];
    if (properties !== undefined && valueAt(thing, keys.slice(0, 3)) === undefined)
      throw partNotFound(properties, thingId, keys);
  }
  throw partNotFound(resource as ThingPart, thingId, keys);
}
