import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { formatPointer } from '../protocol/pointer.ts';

/* What a command about a thing may be refused with (things/model/.../signals/commands/exceptions/*.java). */

export const thingNotFound = (thingId: string): DittoError =>
  makeError(
    'things:thing.notfound',
    `The Thing with ID '${thingId}' could not be found or requester had insufficient permissions to access it.`,
  );

export const thingConflict = (thingId: string): DittoError =>
  makeError('things:thing.conflict', `The Thing with ID '${thingId}' already exists`);

export const conditionFailed = (): DittoError =>
  makeError(
    'things:condition.failed',
    'The specified condition does not match the state of the requested Thing.',
  );

/** In Java's default form of a number: three decimals at most, ties to the even one. */
const kilobytes = (characters: number): string =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits: 3, roundingMode: 'halfEven' }).format(
    characters / 1024,
  );

/** @param size of its JSON text, in characters */
export const thingTooLarge = (size: number, maxSize: number): DittoError =>
  makeError(
    'things:thing.toolarge',
    `The size of '${kilobytes(size)}' kB exceeds the maximal allowed Thing size of '${kilobytes(maxSize)}' kB.`,
  );

/** A change that would change nothing (internal/utils/headers/.../IfEqualPreconditionHeader.java). */
export const alreadyEqual = (): DittoError =>
  makeError(
    'things:precondition.failed',
    "The previous value was equal to the new value and the 'if-equal' header was set to 'skip'.",
    { description: 'Your changes were not applied, which is probably the expected outcome.' },
  );

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

/** Nothing is where a command looked. @param keys of the command's path */
export function partNotFound(part: ThingPart, thingId: string, keys: readonly string[]): DittoError {
  const featureId = keys[1] ?? '';
  const ofFeature = `of the Feature with ID '${featureId}' on the Thing with ID '${thingId}'`;
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
        `The Attributes of the Thing with ID '${thingId}' could not be found ${MISSING}`,
      );
    case 'attribute':
      return makeError(
        'things:attribute.notfound',
        `The attribute with key '${formatPointer(keys.slice(1))}' on the thing with ID '${thingId}' could not be found ${MISSING}`,
      );
    case 'features':
      return makeError(
        'things:features.notfound',
        `The Features on the Thing with ID '${thingId}' do not exist ${MISSING}`,
      );
    case 'feature':
      return makeError(
        'things:feature.notfound',
        `The Feature with ID '${featureId}' on the Thing with ID '${thingId}' could not be found ${MISSING}`,
      );
    case 'featureDefinition':
      return makeError(
        'things:feature.definition.notfound',
        `The Definition ${ofFeature} does not exist ${MISSING}`,
      );
    case 'featureProperties':
      return makeError(
        'things:feature.properties.notfound',
        `The Properties ${ofFeature} do not exist ${MISSING}`,
      );
    case 'featureProperty':
      return makeError(
        'things:feature.property.notfound',
        `The Property with JSON Pointer '${formatPointer(keys.slice(3))}' ${ofFeature} does not exist ${MISSING}`,
      );
    case 'featureDesiredProperties':
      return makeError(
        'things:feature.desiredProperties.notfound',
        `The desired properties ${ofFeature} do not exist ${MISSING}`,
      );
    case 'featureDesiredProperty':
      return makeError(
        'things:feature.desiredProperty.notfound',
        `The desired property with JSON Pointer '${formatPointer(keys.slice(3))}' ${ofFeature} does not exist ${MISSING}`,
      );
  }
}
