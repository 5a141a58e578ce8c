import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { formatPointer } from '../protocol/pointer.ts';

/** A part of a thing that may be missing. */
export type ThingPart =
  | 'policyId'
  | 'definition'
  | 'attributes'
  | 'attribute'
  | 'features'
  | 'feature'
  | 'featureDefinition'
  | 'featureProperties'
  | 'featureProperty'
  | 'featureDesiredProperties'
  | 'featureDesiredProperty';

const MISSING = 'or the requester had insufficient permissions to access it.';

/**
 * Nothing is where a command looked, or nothing that the requester may see
 * (things/model/.../signals/commands/exceptions/*NotAccessibleException.java).
 *
 * @param keys of the command's path
 * @param pointer of an attribute or a property as the text tells it: where it is inside the attributes or the properties
 */
export function partNotFound(
  part: ThingPart,
  thingId: string,
  keys: readonly string[],
  pointer: string = formatPointer(keys.slice(part === 'attribute' ? 1 : 3)),
): DittoError {
  const onThing = `the Thing with ID '${thingId}'`;
  const featureId = keys[1] ?? '';
  const onFeature = `the Feature with ID '${featureId}' on ${onThing}`;
  switch (part) {
    case 'policyId':
      return makeError(
        'things:policyId.notfound',
        `The Policy ID of the Thing with ID <${thingId}> could not be found or requester had insufficient permissions to access it.`,
      );
    case 'definition':
      return makeError(
        'things:definition.notfound',
        `The Definition of the Thing with ID <${thingId}> could not be found ${MISSING}`,
      );
    case 'attributes':
      return makeError(
        'things:attributes.notfound',
        `The Attributes of ${onThing} could not be found ${MISSING}`,
      );
    case 'attribute':
      return makeError(
        'things:attribute.notfound',
        `The attribute with key '${pointer}' on the thing with ID '${thingId}' could not be found ${MISSING}`,
      );
    case 'features':
      return makeError('things:features.notfound', `The Features on ${onThing} do not exist ${MISSING}`);
    case 'feature':
      return makeError(
        'things:feature.notfound',
        `The Feature with ID '${featureId}' on ${onThing} could not be found ${MISSING}`,
      );
    case 'featureDefinition':
      return makeError(
        'things:feature.definition.notfound',
        `The Definition of ${onFeature} does not exist ${MISSING}`,
      );
    case 'featureProperties':
      return makeError(
        'things:feature.properties.notfound',
        `The Properties of ${onFeature} do not exist ${MISSING}`,
      );
    case 'featureProperty':
      return makeError(
        'things:feature.property.notfound',
        `The Property with JSON Pointer '${pointer}' of ${onFeature} does not exist ${MISSING}`,
      );
    case 'featureDesiredProperties':
      return makeError(
        'things:feature.desiredProperties.notfound',
        `The desired properties of ${onFeature} do not exist ${MISSING}`,
      );
    case 'featureDesiredProperty':
      return makeError(
        'things:feature.desiredProperty.notfound',
        `The desired property with JSON Pointer '${pointer}' of ${onFeature} does not exist ${MISSING}`,
      );
  }
}
