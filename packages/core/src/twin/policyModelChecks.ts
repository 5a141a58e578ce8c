import type { DittoError } from '../errors/dittoError.ts';
import { isDittoError } from '../errors/dittoError.ts';
import { jsonFormatInvalid, jsonInvalid, jsonWrongType } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { optionalArray, optionalString, requiredArray } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { put } from '../protocol/dittoHeaders.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { formatPointer, parsePointer } from '../protocol/pointer.ts';
import { checkPolicyId } from '../signals/entityId.ts';

/*
 * What is inside the entries and imports of a policy, as Ditto's model reads and writes it (policies/model/.../Immutable*.java,
 * PoliciesModelFactory.java). Each of these returns what is to be stored.
 */

const CONTROL_CHARACTERS = /[\x00-\x1f\x7f-\xff]/;

function mapMembers<T extends JsonValue>(
  object: JsonObject,
  map: (key: string, value: JsonValue) => readonly [key: string, value: T],
): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const key in object) {
    const value = object[key];
    if (value !== undefined) put(result, ...map(key, value));
  }
  return result;
}

/** @throws DittoError as `checkedEntry` */
export const checkedEntries = (entries: JsonObject): JsonObject =>
  mapMembers(entries, (label, entry) => [label, checkedEntry(label, isJsonObject(entry) ? entry : {})]);

/** @throws DittoError `policies:entry.invalid`, `policies:label.invalid`, and those of subjects and resources */
export function checkedEntry(label: string, entry: JsonObject): JsonObject {
  checkLabel(label);
  const { subjects, resources } = entry;
  return {
    ...entry,
    subjects: checkedSubjects(isJsonObject(subjects) ? subjects : {}),
    resources: checkedResources(isJsonObject(resources) ? resources : {}),
  };
}

function checkLabel(label: string): void {
  if (label === '' || label.includes('/') || CONTROL_CHARACTERS.test(label)) {
    throw makeError('policies:entry.invalid', `The Policy Label ${label} is invalid`, {
      description: 'Neither slashes nor any control characters are allowed.',
    });
  }
  if (label.startsWith('imported')) {
    throw makeError('policies:label.invalid', `Label '${label}' is not valid!`);
  }
}

/** @throws DittoError as `checkedSubject` */
export const checkedSubjects = (subjects: JsonObject): JsonObject =>
  mapMembers(subjects, (id, subject) => [id, checkedSubject(id, subject)]);

/**
 * An id is an issuer, a colon and a name, neither of them empty (Ditto's own model takes an empty issuer, but cannot read
 * again what it writes then).
 *
 * @throws DittoError `policies:subjectid.invalid`, `policies:subjectexpiry.invalid`, `json.field.missing`, `json.invalid`
 */
export function checkedSubject(id: string, subject: JsonValue): JsonObject {
  const colon = id.indexOf(':');
  if (colon < 1 || colon === id.length - 1) {
    throw makeError('policies:subjectid.invalid', `Subject ID '${id}' is not valid!`);
  }
  if (CONTROL_CHARACTERS.test(id)) {
    throw makeError('policies:subjectid.invalid', `Subject ID '${id}' is not valid!`, {
      description: 'No control characters are allowed.',
    });
  }
  if (!isJsonObject(subject)) throw jsonInvalid(`<${String(subject)}> is not a JSON object!`);
  const type = optionalString(subject, 'type');
  if (type === undefined) throw makeError('json.field.missing', "The 'type' for the 'subject' is missing.");
  if (type === '') throw jsonFormatInvalid("The argument 'subjectTypeValue' must not be empty!");
  const expiry = optionalString(subject, 'expiry');
  const { announcement } = subject;
  return {
    type,
    ...(expiry === undefined ? {} : { expiry: checkedExpiry(expiry) }),
    ...(isJsonObject(announcement) ? { announcement } : {}),
  };
}

function checkedExpiry(expiry: string): string {
  try {
    return canonicalInstant(expiry);
  } catch (error) {
    if (isDittoError(error)) throw expiryInvalid(expiry);
    throw error;
  }
}

/** policies/model/.../SubjectExpiryInvalidException.java */
export const expiryInvalid = (
  expiry: string,
  overrides: { readonly description?: string } = {},
): DittoError =>
  makeError(
    'policies:subjectexpiry.invalid',
    `Subject expiry timestamp '${expiry}' is not valid.`,
    overrides,
  );

/** @throws DittoError as `checkedResourceKey` and `checkedPermissions`; `json.format.invalid` for two that are one */
export function checkedResources(resources: JsonObject): JsonObject {
  const seen = new Set<string>();
  return mapMembers(resources, (text, permissions) => {
    const key = checkedResourceKey(text);
    if (seen.has(key)) {
      const path = key.slice(key.indexOf(':') + 1);
      throw jsonFormatInvalid(`There is more than one Resource with the path <${path}>!`);
    }
    seen.add(key);
    return [key, checkedPermissions(key, permissions)];
  });
}

/** @throws DittoError `policies:entry.invalid`, `json.invalid`, `json.format.invalid`, `json.pointer.invalid` */
export function checkedResourceKey(text: string): string {
  if (CONTROL_CHARACTERS.test(text)) {
    throw makeError('policies:entry.invalid', `The Policy Resource ${text} is invalid`, {
      description: 'No control characters are allowed.',
    });
  }
  const colon = text.indexOf(':');
  if (colon < 0) throw jsonInvalid("The provided string was not in the expected format 'type:path'");
  if (colon === 0) throw jsonFormatInvalid("The argument 'type' must not be empty!");
  return `${text.slice(0, colon)}:${formatPointer(parsePointer(text.slice(colon + 1)))}`;
}

/** @throws DittoError `json.invalid`, `json.field.missing` */
export function checkedPermissions(key: string, permissions: JsonValue): JsonObject {
  if (!isJsonObject(permissions)) {
    throw jsonInvalid(
      `The JSON object for the 'permissions' (grant/revoke) of the 'resource' '${key}' is missing or not an object.`,
    );
  }
  return { grant: permissionsIn(permissions, 'grant'), revoke: permissionsIn(permissions, 'revoke') };
}

const permissionsIn = (permissions: JsonObject, effect: 'grant' | 'revoke'): readonly string[] => [
  ...new Set(requiredArray(permissions, effect).filter((permission) => typeof permission === 'string')),
];

/** @throws DittoError as `checkedImport` */
export const checkedImports = (imports: JsonObject, policyId: string): JsonObject =>
  mapMembers(imports, (id, policyImport) => [id, checkedImport(id, policyImport, policyId)]);

/** @throws DittoError `policies:id.invalid`, `policies:import.invalid` for an import of itself, `json.invalid` */
export function checkedImport(id: string, policyImport: JsonValue, policyId: string): JsonObject {
  checkPolicyId(id);
  if (!isJsonObject(policyImport)) {
    throw jsonInvalid(
      `The value of the policy import of the 'imported policy' with ID '${id}' is missing or not an object.`,
    );
  }
  if (id === policyId) throw makeError('policies:import.invalid', 'The Policy Import is invalid.');
  const wrong = optionalArray(policyImport, 'entries')?.find((label) => typeof label !== 'string');
  if (wrong !== undefined) throw jsonWrongType('/entries', wrong, 'String');
  return policyImport;
}
