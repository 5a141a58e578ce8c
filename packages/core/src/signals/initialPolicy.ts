import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { optionalObject, optionalString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { checkPolicyId } from './entityId.ts';

/*
 * What `createThing`, `modifyThing` and `mergeThing` tell, beside the thing, of the policy that it is to get: inline or copied
 * from another (things/model/.../signals/commands/modify/CreateThing.java). In Protocol form it stands in the thing.
 */

const INLINE_POLICY = '_policy';
const COPY_POLICY_FROM = '_copyPolicyFrom';

const members = (policy: JsonValue | undefined, copyFrom: JsonValue | undefined): JsonObject => ({
  ...(policy === undefined ? {} : { [INLINE_POLICY]: policy }),
  ...(copyFrom === undefined ? {} : { [COPY_POLICY_FROM]: copyFrom }),
});

/** The members of a thing that tell of its policy. @throws DittoError `json.invalid`, `things:policy.conflicting`, `policies:id.invalid` */
export function readInitialPolicy(thing: JsonObject, thingId: string): JsonObject {
  const policy = optionalObject(thing, INLINE_POLICY);
  const copyFrom = optionalString(thing, COPY_POLICY_FROM);
  if (policy !== undefined && copyFrom !== undefined) throw policiesConflict(thingId);
  if (copyFrom !== undefined && !hasPlaceholder(copyFrom)) checkPolicyId(copyFrom);
  return members(policy, copyFrom);
}

/** The value of a command in the parts of its signal JSON. */
export function splitInitialPolicy(value: JsonValue | undefined): {
  readonly thing: JsonObject;
  readonly policyJson: JsonObject;
} {
  const {
    [INLINE_POLICY]: policy,
    [COPY_POLICY_FROM]: copyFrom,
    ...thing
  } = isJsonObject(value) ? value : {};
  return {
    thing,
    policyJson: {
      ...(policy === undefined ? {} : { initialPolicy: policy }),
      ...(copyFrom === undefined ? {} : { policyIdOrPlaceholder: copyFrom }),
    },
  };
}

/** The members of a thing, of a command's signal JSON. @throws DittoError `json.invalid` */
export const initialPolicyFromJson = (json: JsonObject): JsonObject =>
  members(optionalObject(json, 'initialPolicy'), optionalString(json, 'policyIdOrPlaceholder'));

const policiesConflict = (thingId: string): DittoError =>
  makeError(
    'things:policy.conflicting',
    `The Thing with ID '${thingId}' could not be created as it contained an inline Policy as well as a policyID to copy.`,
  );

/** base/model/.../common/Placeholders.java */
const hasPlaceholder = (text: string): boolean =>
  (text.includes('{{') && text.includes('}}')) || (text.includes('${') && text.includes('}'));
