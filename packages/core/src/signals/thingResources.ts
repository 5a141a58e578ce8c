import { checkPolicyId } from './entityId.ts';
import type { IdPart, Resource } from './resource.ts';
import {
  readAny,
  readAttributes,
  readFeature,
  readFeatureDefinition,
  readFeatures,
  readThing,
  readThingDefinition,
} from './thingModel.ts';

const featureId: IdPart = { field: 'featureId', form: 'key' };
const properties = { kind: 'nullable', name: 'FeatureProperties', read: readAttributes } as const;

/** The resources of a thing (protocol/.../adapter/things/ThingPathMatcher.java). */
const RESOURCES: readonly Resource[] = [
  {
    name: 'thing',
    path: [],
    field: 'thing',
    value: { kind: 'nullable', name: 'Thing', read: (thing) => readThing(thing ?? {}).regular },
  },
  {
    name: 'policyId',
    path: ['policyId'],
    field: 'policyId',
    value: { kind: 'string', name: 'PolicyId', read: checkPolicyId },
  },
  {
    name: 'definition',
    path: ['definition'],
    field: 'definition',
    value: { kind: 'string', name: 'ThingDefinition', read: readThingDefinition },
  },
  {
    name: 'attributes',
    path: ['attributes'],
    field: 'attributes',
    value: { kind: 'nullable', name: 'Attributes', read: readAttributes },
  },
  {
    name: 'attribute',
    path: ['attributes', { field: 'attribute', form: 'pointer' }],
    field: 'value',
    value: { kind: 'any', name: 'Attribute', read: readAny },
  },
  {
    name: 'features',
    path: ['features'],
    field: 'features',
    value: { kind: 'nullable', name: 'Features', read: readFeatures },
  },
  {
    name: 'feature',
    path: ['features', featureId],
    field: 'feature',
    value: { kind: 'nullable', name: 'Feature', read: readFeature },
  },
  {
    name: 'featureDefinition',
    path: ['features', featureId, 'definition'],
    field: 'definition',
    value: { kind: 'array', name: 'FeatureDefinition', read: readFeatureDefinition },
  },
  {
    name: 'featureProperties',
    path: ['features', featureId, 'properties'],
    field: 'properties',
    value: properties,
  },
  {
    name: 'featureProperty',
    path: ['features', featureId, 'properties', { field: 'property', form: 'pointer' }],
    field: 'value',
    value: { kind: 'any', name: 'FeatureProperty', read: readAny },
  },
  {
    name: 'featureDesiredProperties',
    path: ['features', featureId, 'desiredProperties'],
    field: 'desiredProperties',
    value: properties,
  },
  {
    name: 'featureDesiredProperty',
    path: ['features', featureId, 'desiredProperties', { field: 'desiredProperty', form: 'pointer' }],
    field: 'desiredValue',
    value: { kind: 'any', name: 'FeatureProperty', read: readAny },
  },
];

export const thingResources: ReadonlyMap<string, Resource> = new Map(
  RESOURCES.map((resource) => [resource.name, resource]),
);

/** The name of the resource at a path; `_policy` has a place but no signals. Undefined for any other path. */
export function thingResourceAt(keys: readonly string[]): string | undefined {
  const [first] = keys;
  switch (first) {
    case undefined:
      return 'thing';
    case 'attributes':
      return keys.length === 1 ? 'attributes' : 'attribute';
    case 'features':
      return featureResourceAt(keys);
    case 'policyId':
    case 'definition':
      return keys.length === 1 ? first : undefined;
    case '_policy':
      return '_policy';
    default:
      return undefined;
  }
}

function featureResourceAt(keys: readonly string[]): string | undefined {
  if (keys.length === 1) return 'features';
  if (keys.length === 2) return 'feature';
  switch (keys[2]) {
    case 'definition':
      return keys.length === 3 ? 'featureDefinition' : undefined;
    case 'properties':
      return keys.length === 3 ? 'featureProperties' : 'featureProperty';
    case 'desiredProperties':
      return keys.length === 3 ? 'featureDesiredProperties' : 'featureDesiredProperty';
    default:
      return undefined;
  }
}
