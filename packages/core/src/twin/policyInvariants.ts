import type { DittoError } from '../errors/dittoError.ts';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { registeredError } from '../errors/registeredError.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { expiryInvalid } from './policyModelChecks.ts';

/* What must hold of a policy after every change (policies/api/.../PoliciesValidator.java, PolicyCommandSizeValidator.java). */

/** Characters of JSON text (`ditto.limits.policies.max-size`). */
const MAX_SIZE = 100 * 1024;

/** @throws DittoError `policies:policy.toolarge` 413 */
export function checkPolicySize(policy: JsonObject): void {
  const size = stringifyJson(policy).length;
  if (size <= MAX_SIZE) return;
  throw registeredError(
    'policies:policy.toolarge',
    `The size of '${kB(size)}' kB exceeds the maximal allowed Policy size of '${kB(MAX_SIZE)}' kB.`,
  );
}

/** As Java writes it: three digits at most, halves rounded to even. */
function kB(characters: number): string {
  const exact = (characters * 1000) / 1024;
  const rounded = Math.round(exact);
  const isHalf = exact % 1 === 0.5;
  const thousandths = isHalf && rounded % 2 === 1 ? rounded - 1 : rounded;
  return (thousandths / 1000).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** Less than the JSON reader takes, as events and answers wrap what they tell. */
const MAX_NESTING = 190;

/** @throws DittoError `json.invalid` 400 */
export function checkPolicyNesting(policy: JsonObject): void {
  if (nestingOf(policy) > MAX_NESTING)
    throw jsonInvalid(`The policy would be nested deeper than ${MAX_NESTING} levels.`);
}

/** As deep as the JSON of a command, which its reader bounds. */
function nestingOf(json: JsonValue | undefined): number {
  if (!isJsonArray(json) && !isJsonObject(json)) return 0;
  let deepest = 0;
  for (const inner of Object.values(json)) deepest = Math.max(deepest, nestingOf(inner));
  return deepest + 1;
}

/** The names and values of all objects that are members of one. */
const objectsIn = (object: JsonValue | undefined): readonly (readonly [string, JsonObject])[] =>
  isJsonObject(object)
    ? Object.entries(object).filter((pair): pair is [string, JsonObject] => isJsonObject(pair[1]))
    : [];

/** Nobody is added, nor kept, whose time is over. @throws DittoError `policies:subjectexpiry.invalid` 400 */
export function checkExpiries({ entries }: JsonObject, now: string): void {
  for (const [, { subjects }] of objectsIn(entries)) {
    for (const [, { expiry }] of objectsIn(subjects)) {
      if (typeof expiry === 'string' && Date.parse(expiry) < Date.parse(now))
        throw expiryInvalid(
          expiry,
          'It must not be in the past, please adjust to a timestamp in the future.',
        );
    }
  }
}

/**
 * Somebody has to keep WRITE on `policy:/`: one who does not expire, and from whom it is revoked nowhere. A policy that
 * imports others may get that from them.
 *
 * @param refuse makes the error of its description
 */
export function checkSomebodyWrites(
  { imports, entries }: JsonObject,
  refuse: (description: string) => DittoError,
): void {
  if (isJsonObject(imports) && Object.keys(imports).length > 0) return;
  const writers = new Set<string>();
  const locked = new Set<string>();
  for (const [, { subjects, resources }] of objectsIn(entries)) {
    const { grant, revoke } = rulesOfRoot(resources);
    for (const [id, { expiry }] of objectsIn(subjects)) {
      if (hasWrite(grant) && expiry === undefined) writers.add(id);
      if (hasWrite(revoke)) locked.add(id);
    }
  }
  if ([...writers].some((id) => !locked.has(id))) return;
  throw refuse(
    'It must contain at least one permanent Subject with permission(s) <[WRITE]> on resource <policy:/>!',
  );
}

function rulesOfRoot(resources: JsonValue | undefined): JsonObject {
  const root = isJsonObject(resources) ? resources['policy:/'] : undefined;
  return isJsonObject(root) ? root : {};
}

const hasWrite = (permissions: JsonValue | undefined): boolean =>
  isJsonArray(permissions) && permissions.includes('WRITE');

/** policies/model/.../PolicyModificationInvalidException.java */
export const policyInvalid = (id: string, description: string): DittoError =>
  registeredError(
    'policies:policy.modificationinvalid',
    `The Policy with ID '${id}' could not be modified as the resulting Policy would be invalid.`,
    { description },
  );

/** policies/model/.../PolicyEntryModificationInvalidException.java */
export const entryInvalid = (id: string, label: string, description: string): DittoError =>
  registeredError(
    'policies:entry.modificationinvalid',
    `The PolicyEntry with Label '${label}' on the Policy with ID '${id}' could not be modified as the resulting Policy would be invalid.`,
    { description },
  );
