import { makeError } from '../errors/makeError.ts';
import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';

/** base/model/.../entity/id/RegexPatterns.java, NO_CONTROL_CHARS_NO_SLASHES */
const FORBIDDEN = /[\x00-\x1f\x7f-\xff/]/;

function checkKey(key: string): void {
  if (key === '' || FORBIDDEN.test(key))
    throw makeError('json.key.invalid', `The JSON key <${key}> is invalid!`);
}

/** @throws DittoError `json.key.invalid` */
export function checkKeys(keys: readonly string[]): void {
  for (const key of keys) checkKey(key);
}

/** Checks the keys of an object and of all objects inside it, but not of those in arrays. @throws DittoError `json.key.invalid` */
export function checkMemberKeys(value: JsonValue): void {
  if (!isJsonObject(value)) return;
  for (const key in value) {
    checkKey(key);
    const member = value[key];
    if (typeof member === 'object' && member !== null) checkMemberKeys(member);
  }
}
