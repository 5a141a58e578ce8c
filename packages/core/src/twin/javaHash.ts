import type { EntityTag } from '../headers/entityTag.ts';
import { isJsonArray, isJsonNumber, type JsonValue } from '../json/jsonValue.ts';

/*
 * Hash codes of Java's and of Ditto's objects, 32 bits each, since Ditto makes entity tags of them
 * (base/model/.../headers/entitytag/EntityTagBuilder.java, json/.../Immutable*.java).
 */

/** The tag of a part of an entity. */
export const hashTag = (hash: number): EntityTag => ({
  isWeak: false,
  opaqueTag: `"hash:${(hash >>> 0).toString(16)}"`,
});

export const NULL_HASH = 0;
const TRUE_HASH = 1231;
const FALSE_HASH = 1237;

/** Of a JSON value in Ditto's model; `null` has a hash of ours. As deep as the JSON, which its reader bounds. */
export function hashOfJson(json: JsonValue): number {
  if (json === null) return NULL_HASH;
  if (typeof json === 'string') return stringHash(json);
  if (typeof json === 'boolean') return objectsHash([json ? TRUE_HASH : FALSE_HASH]);
  if (isJsonNumber(json)) return numberHash(json.toString());
  if (isJsonArray(json)) return listHash(json, hashOfJson);
  return mapHash(Object.entries(json), (value, key) =>
    objectsHash([objectsHash([stringHash(key)]), hashOfJson(value)]),
  );
}

/** `java.lang.String.hashCode`. */
export function stringHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

/** `java.util.Objects.hash`, which is that of a list. */
export const objectsHash = (hashes: readonly number[]): number => listHash(hashes, (hash) => hash);

/** Of a `java.util.List`. */
export function listHash<T>(items: readonly T[], hashOf: (item: T) => number): number {
  let hash = 1;
  for (const item of items) hash = (Math.imul(hash, 31) + hashOf(item)) | 0;
  return hash;
}

/** Of a `java.util.Map`. */
export function mapHash(
  entries: readonly (readonly [string, JsonValue | undefined])[],
  hashOf: (value: JsonValue, key: string) => number,
  hashOfKey: (key: string) => number = stringHash,
): number {
  let hash = 0;
  for (const [key, value] of entries) {
    if (value !== undefined) hash = (hash + (hashOfKey(key) ^ hashOf(value, key))) | 0;
  }
  return hash;
}

const INTEGER = /^-?\d+$/;
const MAX_LONG = 2n ** 63n - 1n;

/** An int, else a long, else a double. */
function numberHash(text: string): number {
  const number = Number(text);
  if ((number | 0) === number) return number | 0;
  const integer = INTEGER.test(text) ? BigInt(text) : Number.isInteger(number) ? BigInt(number) : undefined;
  if (integer !== undefined && integer <= MAX_LONG && integer >= -MAX_LONG - 1n) return longHash(integer);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return longHash(view.getBigInt64(0));
}

const longHash = (value: bigint): number =>
  Number(BigInt.asIntN(32, value ^ (BigInt.asUintN(64, value) >> 32n)));
