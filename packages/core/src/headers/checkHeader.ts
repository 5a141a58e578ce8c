import { headerEmpty, headerTypeInvalid } from '../errors/baseErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { JsonSyntaxError, parseJson } from '../json/parseJson.ts';
import { parseDuration } from './duration.ts';
import { parseEntityTag, parseMatcher, splitEntityTags } from './entityTag.ts';
import { type HeaderType, headerDefinition } from './headerDefinitions.ts';

const RFC_ENTITY_TAG = 'https://tools.ietf.org/html/rfc7232#section-2.3';
const INTEGER = /^[+-]?\d{1,19}$/;

/**
 * Checks the value of a predefined header (base/model/.../headers/*ValueValidator.java); unknown headers take any value.
 *
 * @param key in lower case
 * @throws DittoError `header.invalid`, `timeout.invalid`
 */
export function checkHeader(key: string, value: string): void {
  const definition = headerDefinition(key);
  if (definition !== undefined) checks[definition.type](key, value);
}

const checks: Readonly<Record<HeaderType, (key: string, value: string) => void>> = {
  string: () => {},
  nonEmpty: (key, value) => {
    if (value === '') throw headerEmpty(key);
  },
  boolean: (key, value) => {
    if (value !== 'true' && value !== 'false') throw headerTypeInvalid(key, value, 'boolean');
  },
  int: (key, value) => {
    if (!isInteger(value, 31n)) throw headerTypeInvalid(key, value, 'int');
  },
  long: (key, value) => {
    if (!isInteger(value, 63n)) throw headerTypeInvalid(key, value, 'long');
  },
  array: (key, value) => {
    if (!isJsonArray(asJson(value))) throw headerTypeInvalid(key, value, 'JSON array');
  },
  labels: (key, value) => {
    const json = asJson(value);
    if (!isJsonArray(json)) throw headerTypeInvalid(key, value, 'JSON array');
    if (json.some((item) => typeof item !== 'string'))
      throw makeError('header.invalid', `JSON array for <${key}> contained invalid acknowledgement labels.`);
  },
  object: (key, value) => {
    if (!isJsonObject(asJson(value))) throw headerTypeInvalid(key, value, 'JSON object');
  },
  duration: (_key, value) => {
    parseDuration(value);
  },
  channel: (key, value) => {
    if (!['twin', 'live'].includes(value.trim().toLowerCase()))
      throw headerTypeInvalid(key, value, 'channel', {
        description: 'The value must either be <twin> or <live>.',
      });
  },
  entityTag: (key, value) => {
    if (parseEntityTag(value) === undefined)
      throw headerTypeInvalid(key, value, 'entity-tag', { href: RFC_ENTITY_TAG });
  },
  entityTags: (key, value) => {
    for (const part of splitEntityTags(value))
      if (parseMatcher(part) === undefined)
        throw headerTypeInvalid(key, part, 'entity-tag', { href: RFC_ENTITY_TAG });
  },
};

function isInteger(value: string, bits: bigint): boolean {
  if (!INTEGER.test(value)) return false;
  const number = BigInt(value.replace(/^\+/, ''));
  return number >= -(2n ** bits) && number < 2n ** bits;
}

function asJson(value: string): JsonValue | undefined {
  try {
    return parseJson(value);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}
