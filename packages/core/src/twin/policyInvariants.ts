import type { DittoError } from '../errors/dittoError.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { expiryInvalid } from './policyModelChecks.ts';

/* What must hold of a policy after every change (policies/api/.../PoliciesValidator.java). */

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
        throw expiryInvalid(expiry, {
          description: 'It must not be in the past, please adjust to a timestamp in the future.',
        });
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
