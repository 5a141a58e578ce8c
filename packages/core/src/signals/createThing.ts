import { makeError } from '../errors/makeError.ts';
import { optionalObject, optionalString, requiredObject, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { checkPolicyId, splitId } from './entityId.ts';
import { entityCommand, entityIdOf, topicOf } from './entitySignals.ts';
import { readThingValue } from './readValue.ts';
import type { ValueReader } from './resource.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { thingKind } from './thingKind.ts';
import { readThing } from './thingModel.ts';

/*
 * `createThing` and `modifyThing` carry, beside the thing, the policy it is to get: inline or copied from another
 * (things/model/.../signals/commands/modify/CreateThing.java). The value of their Protocol form holds all of it.
 */

const INLINE_POLICY = '_policy';
const COPY_POLICY_FROM = '_copyPolicyFrom';

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
      const {
        [INLINE_POLICY]: policy,
        [COPY_POLICY_FROM]: copyFrom,
        ...thing
      } = objectOf(signal.adaptable.value);
      return {
        type,
        ...(action === 'create' ? {} : { thingId: signal.entityId }),
        thing,
        ...(policy === undefined ? {} : { initialPolicy: policy }),
        ...(copyFrom === undefined ? {} : { policyIdOrPlaceholder: copyFrom }),
      };
    },
    fromJson: (json, headers) => {
      const thing = requiredObject(json, 'thing');
      const policy = optionalObject(json, 'initialPolicy');
      const copyFrom = optionalString(json, 'policyIdOrPlaceholder');
      const id = optionalString(json, 'thingId') ?? requiredString(thing, 'thingId');
      return {
        topic: topicOf(thingKind, id, 'commands', action, headers),
        headers,
        path: '/',
        value: {
          ...thing,
          ...(policy === undefined ? {} : { [INLINE_POLICY]: policy }),
          ...(copyFrom === undefined ? {} : { [COPY_POLICY_FROM]: copyFrom }),
        },
      };
    },
  };
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

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
  const policy = optionalObject(json, INLINE_POLICY);
  const copyFrom = optionalString(json, COPY_POLICY_FROM);
  if (policy !== undefined && copyFrom !== undefined) throw policiesConflict(entityId);
  if (copyFrom !== undefined && !hasPlaceholder(copyFrom)) checkPolicyId(copyFrom);
  return {
    ...special,
    _namespace: splitId(entityId)[0],
    thingId: entityId,
    ...regular,
    ...(policy === undefined ? {} : { [INLINE_POLICY]: policy }),
    ...(copyFrom === undefined ? {} : { [COPY_POLICY_FROM]: copyFrom }),
  };
}

const policiesConflict = (thingId: string) =>
  makeError(
    'things:policy.conflicting',
    `The Thing with ID '${thingId}' could not be created as it contained an inline Policy as well as a policyID to copy.`,
  );

/** base/model/.../common/Placeholders.java */
const hasPlaceholder = (text: string): boolean =>
  (text.includes('{{') && text.includes('}}')) || (text.includes('${') && text.includes('}'));
