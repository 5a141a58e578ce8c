import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from './jsonValue.ts';

/*
 * Loops throughout: these run over much of every connection that is read, and functions given to `every` would be made anew
 * for each of its parts.
 */

/** Whether two values are written alike, members in the same order. Numbers that no double holds are never the same. */
export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (isJsonArray(one)) return isJsonArray(other) && areSameItems(one, other);
  return isJsonObject(one) && isJsonObject(other) && areSameMembers(one, other);
}

function areSameItems(one: JsonArray, other: JsonArray): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!isSameJson(one[at], other[at])) return false;
  return true;
}

function areSameMembers(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(other);
  let at = 0;
  for (const key in one) if (key !== keys[at++] || !isSameJson(one[key], other[key])) return false;
  return at === keys.length;
}

/**
 * A number that is the same for values written alike and seldom for others.
 *
 * @returns undefined for a value of more than about `maxSize` characters
 */
export function fingerprintOf(json: JsonValue, maxSize: number): number | undefined {
  const fingerprint = new Fingerprint(maxSize);
  fingerprint.add(json);
  return fingerprint.room < 0 ? undefined : fingerprint.value;
}

/** What an array or an object counts for itself: what is nested too deep to go down to is too large. */
const NESTING_SIZE = 10;

class Fingerprint {
  value = 17;
  /** Below 0: the value is too large, and nothing more is looked at. */
  room: number;

  constructor(maxSize: number) {
    this.room = maxSize;
  }

  add(json: JsonValue | undefined): void {
    if (this.room < 0) return;
    if (typeof json === 'string') this.#addText(json);
    else if (isJsonArray(json)) this.#addItems(json);
    else if (isJsonObject(json)) this.#addMembers(json);
    else this.#mix(Number(json), 1);
  }

  #addText(text: string): void {
    const { length } = text;
    this.#mix(length, length);
    if (this.room < 0) return;
    let { value } = this;
    for (let at = 0; at < length; at++) value = (Math.imul(value, 31) + text.charCodeAt(at)) | 0;
    this.value = value;
  }

  #addItems(items: JsonArray): void {
    this.#mix(items.length, NESTING_SIZE);
    for (let at = 0; at < items.length; at++) this.add(items[at]);
  }

  #addMembers(object: JsonObject): void {
    this.#mix(0, NESTING_SIZE);
    for (const key in object) {
      this.#mix(key.length, key.length);
      this.add(object[key]);
    }
  }

  #mix(value: number, size: number): void {
    this.value = (Math.imul(this.value, 31) + value) | 0;
    this.room -= size;
  }
}
