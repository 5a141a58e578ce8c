import { makeError } from '../errors/makeError.ts';
import { optionalString, requiredObject, requiredString } from '../json/fields.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import { objectOf } from '../json/valueAt.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { splitId } from './entityId.ts';
import { entityCommand, entityIdOf, topicOf } from './entitySignals.ts';
import { initialPolicyFromJson, readInitialPolicy, splitInitialPolicy } from './initialPolicy.ts';
import { readThingValue } from './readValue.ts';
import type { ValueReader } from './resource.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { thingKind } from './thingKind.ts';
import { readThing } from './thingModel.ts';

/* `createThing` and `modifyThing` carry a whole thing; the value of their Protocol form tells of its policy too. */

/** Only the kind of value counts; the thing in it is read afterwards. */
const ANY_OBJECT: ValueReader = { kind: 'object', name: 'Thing', read: (json) => json };

export const createThing = definition('create');
export const modifyThing = definition('modify');

function definition(action: 'create' | 'modify'): SignalDefinition {
  const type = `things.commands:${action}Thing`;
  const category = action === 'create' ? 'CREATE' : 'MODIFY';
  return {
    type,
    make: (adaptable, headers) => {
      const entityId = entityIdOf(thingKind, adaptable.topic);
      const value = readThingWithPolicy(adaptable, entityId);
      return entityCommand(adaptable, headers, { type, category, entityId, kind: thingKind, value });
    },
    toJson: (signal) => {
      const { thing, policyJson } = splitInitialPolicy(signal.adaptable.value);
      return {
        type,
        ...(action === 'create' ? {} : { thingId: signal.entityId }),
        thing,
        ...policyJson,
      };
    },
    fromJson: (json, headers) => {
      const thing = requiredObject(json, 'thing');
      const policy = initialPolicyFromJson(json);
      const id = optionalString(json, 'thingId') ?? requiredString(thing, 'thingId');
      return {
        topic: topicOf(thingKind, id, 'commands', action, headers),
        headers,
        path: '/',
        value: { ...thing, ...policy },
      };
    },
  };
}

/** The thing of the topic, complete with its id and namespace, and the policy that it is to get. */
function readThingWithPolicy({ value }: Adaptable, entityId: string): JsonValue {
  const json = objectOf(readThingValue(ANY_OBJECT, value));
  const { regular, special } = readThing(json);
  if (regular['thingId'] !== undefined && regular['thingId'] !== entityId) {
    throw makeError(
      'things:id.notsettable',
      'The Thing ID in the thing JSON is not equal to the Thing ID in the topic path.',
    );
  }
  const policy = readInitialPolicy(json, entityId);
  return {
    ...special,
    _namespace: splitId(entityId)[0],
    thingId: entityId,
    ...regular,
    ...policy,
  };
}
