import { type EntityTag, revisionTag } from '../headers/entityTag.ts';
import { isJsonArray, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { memberOf, objectOf, valueAt } from '../json/valueAt.ts';
import { parsePointer } from '../protocol/pointer.ts';
import { hashOfJson, hashTag, mapHash, objectsHash, stringHash } from './javaHash.ts';
import type { PolicyPlace } from './policyPlace.ts';
import type { PolicyState } from './policyState.ts';

/*
 * Entity tags of policies and their parts. Ditto's tag of a part is the hash code of its Java object
 * (policies/model/.../Immutable*.java), and so is this, but for what hashes otherwise in every process: entries and how they
 * may be imported, announcements of subjects. Those have hashes of ours in the same form; so has what later versions of Ditto
 * know of entries and imports.
 */

/** The tag of what is at a place; undefined if nothing is. */
export function policyTagAt(state: PolicyState, resource: string, place: PolicyPlace): EntityTag | undefined {
  if (state.lifecycle !== 'active') return undefined;
  if (resource === 'policy') return revisionTag(state.revision);
  const value = valueAt(state.policy, place);
  return value === undefined ? undefined : hashTag(hashOfPart(resource, place, value));
}

function hashOfPart(resource: string, place: PolicyPlace, value: JsonValue): number {
  switch (resource) {
    case 'policyImports':
      return objectsHash([mapHash(Object.entries(objectOf(value)), hashOfImport, hashOfPolicyId)]);
    case 'policyImport':
      return hashOfImport(value, place[1] ?? '');
    case 'policyEntries':
      return Object.entries(objectOf(value)).reduce(
        (sum, [label, entry]) => (sum + hashOfEntry(objectOf(entry), label)) | 0,
        0,
      );
    case 'policyEntry':
      return hashOfEntry(objectOf(value), place[1] ?? '');
    case 'subjects':
      return hashOfSubjects(value);
    case 'subject':
      return hashOfSubject(value, place[3] ?? '');
    case 'resources':
      return hashOfResources(value);
    case 'resource':
      return hashOfResource(value, place[3] ?? '');
    default:
      return hashOfJson(value);
  }
}

const hashOfText = (text: string): number => objectsHash([stringHash(text)]);

const hashOfPolicyId = (id: string): number => objectsHash([hashOfText('policy'), stringHash(id)]);

function hashOfImport(policyImport: JsonValue, id: string): number {
  const { entries, ...further } = objectOf(policyImport);
  const isBare = Object.keys(objectOf(policyImport)).length === 0;
  const effected = isBare ? 0 : objectsHash([hashOfLabels(entries)]);
  return objectsHash([hashOfPolicyId(id), effected, ...hashesOfFurther(further)]);
}

/** A set that counts itself twice. */
function hashOfLabels(labels: JsonValue | undefined): number {
  const hash = setHash(labels, hashOfText);
  return objectsHash([hash, hash]);
}

/** Of a `java.util.Set` of texts, given as an array. */
function setHash(texts: JsonValue | undefined, hashOf: (text: string) => number): number {
  const hashes = [...new Set(isJsonArray(texts) ? texts : [])].map((text) => hashOf(String(text)));
  return hashes.reduce((sum, hash) => (sum + hash) | 0, 0);
}

const hashesOfFurther = (further: JsonObject): readonly number[] =>
  Object.keys(further).length === 0 ? [] : [hashOfJson(further)];

function hashOfEntry({ subjects, resources, ...further }: JsonObject, label: string): number {
  return objectsHash([
    hashOfText(label),
    hashOfSubjects(subjects),
    hashOfResources(resources),
    ...hashesOfFurther(further),
  ]);
}

const hashOfSubjects = (subjects: JsonValue | undefined): number =>
  objectsHash([mapHash(Object.entries(objectOf(subjects)), hashOfSubject, hashOfSubjectId)]);

function hashOfSubject(subject: JsonValue, id: string): number {
  const expiry = memberOf(subject, 'expiry');
  const announcement = memberOf(subject, 'announcement');
  return objectsHash([
    hashOfSubjectId(id),
    hashOfText(String(memberOf(subject, 'type'))),
    typeof expiry === 'string' ? objectsHash([hashOfInstant(expiry)]) : 0,
    announcement === undefined ? 0 : hashOfJson(announcement),
  ]);
}

/** The first colon ends the issuer, but for that of an address (policies/model/.../ImmutableSubjectId.java). */
function hashOfSubjectId(id: string): number {
  const scheme = id.indexOf('://');
  const colon = id.indexOf(':', scheme < 0 ? 0 : scheme + 3);
  return objectsHash([hashOfText(id.slice(0, Math.max(colon, 0))), stringHash(id.slice(colon + 1))]);
}

const INSTANT = /^(.*:\d\d)(?:\.(\d+))?Z$/;

/** `java.time.Instant.hashCode` of a canonical instant. */
function hashOfInstant(instant: string): number {
  const [, second = '', fraction = ''] = INSTANT.exec(instant) ?? [];
  const epochSecond = Date.parse(`${second}Z`) / 1000;
  const high = Math.floor(epochSecond / 2 ** 32);
  return ((epochSecond ^ high) + 51 * Number(fraction.padEnd(9, '0'))) | 0;
}

const hashOfResources = (resources: JsonValue | undefined): number =>
  objectsHash([mapHash(Object.entries(objectOf(resources)), hashOfResource, hashOfResourceKey)]);

const hashOfResource = (permissions: JsonValue, key: string): number =>
  objectsHash([
    hashOfResourceKey(key),
    objectsHash([
      setHash(memberOf(permissions, 'grant'), stringHash),
      setHash(memberOf(permissions, 'revoke'), stringHash),
    ]),
  ]);

function hashOfResourceKey(key: string): number {
  const colon = key.indexOf(':');
  const path = parsePointer(key.slice(colon + 1));
  return objectsHash([stringHash(key.slice(0, colon)), objectsHash([objectsHash(path.map(hashOfText))])]);
}
