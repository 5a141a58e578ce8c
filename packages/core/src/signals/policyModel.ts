import { jsonFieldMissing, jsonInvalid } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { optionalObject, optionalString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { put } from '../protocol/dittoHeaders.ts';
import { checkPolicyId } from './entityId.ts';

/*
 * The JSON of policies as Ditto's model reads and writes it again (policies/model/.../ImmutablePolicy.java,
 * ImmutablePolicyEntry.java). What is inside subjects and resources is judged by the policies service alone.
 */

const IMPORTABLE = ['implicit', 'explicit', 'never'] as const;

/** @throws DittoError `json.invalid`, `json.field.missing`, `policies:id.invalid`, `policies:entry.invalid` */
export function readPolicy(json: JsonObject): JsonObject {
  const policyId = optionalString(json, 'policyId');
  if (policyId !== undefined) checkPolicyId(policyId);
  const imports = optionalObject(json, 'imports') ?? {};
  const entries = optionalObject(json, 'entries') ?? {};
  return {
    ...(policyId === undefined ? {} : { policyId }),
    imports,
    entries: readPolicyEntries(entries),
  };
}

/** @throws DittoError as `readPolicyEntry` */
export function readPolicyEntries(entries: JsonObject): JsonObject {
  const read: Record<string, JsonValue> = {};
  for (const label in entries) {
    const entry = entries[label] as JsonValue;
    if (!isJsonObject(entry)) throw jsonInvalid(`<${stringifyJson(entry)}> is not a JSON object!`);
    put(read, label, readPolicyEntry(entry));
  }
  return read;
}

/** An entry says how it may be imported, if only by default. @throws DittoError `json.field.missing`, `json.invalid`, `policies:entry.invalid` */
export function readPolicyEntry(entry: JsonObject): JsonObject {
  const subjects = optionalObject(entry, 'subjects');
  if (subjects === undefined) throw jsonFieldMissing('/subjects');
  const resources = optionalObject(entry, 'resources');
  if (resources === undefined) throw jsonFieldMissing('/resources');
  const importable = optionalString(entry, 'importable') ?? 'implicit';
  readImportable(importable);
  return { ...entry, subjects, resources, importable };
}

/** @throws DittoError `policies:entry.invalid` */
export function readImportable(importable: string): string {
  if (IMPORTABLE.some((type) => type === importable)) return importable;
  throw makeError('policies:entry.invalid', 'The Policy Entry is invalid.', {
    description: `The value '${importable}' of field '/importable' is not valid. Valid values are: [${IMPORTABLE.join(', ')}]`,
  });
}

/** A JSON object whatever its members. */
export const readObject = (json: JsonObject): JsonObject => json;
