import type { DittoError, DittoErrorParts } from '../errors/dittoError.ts';
import { isDittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { isJsonArray, isJsonObject, type JsonArray, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { isAckLabel } from './ackLabel.ts';
import { checkFieldSelector } from './fieldSelector.ts';
import { canonicalMetadataHeaders } from './metadataHeaders.ts';
import { parseTimeoutMs } from './timeout.ts';

/** Refuses a header value of the wrong type. @throws DittoError `header.invalid` or `timeout.invalid` */
export type HeaderValidator = (name: string, value: string) => void;

/** `header.invalid` for a value of the wrong type (base/model/.../DittoHeaderInvalidException.java). */
export const headerOfWrongType = (
  name: string,
  value: string,
  type: string,
  overrides: Partial<DittoErrorParts> = {},
): DittoError =>
  makeError('header.invalid', `The value '${value}' of the header '${name}' is not a valid ${type}.`, {
    description: `Verify that the value of the header '${name}' is a valid '${type}' and try again.`,
    details: { invalidHeaderKey: name },
    ...overrides,
  });

const headerInvalid = (name: string, message: string): DittoError =>
  makeError('header.invalid', message, { details: { invalidHeaderKey: name } });

export const validateBoolean: HeaderValidator = (name, value) => {
  if (value !== 'true' && value !== 'false') throw headerOfWrongType(name, value, 'boolean');
};

export const validateInt: HeaderValidator = (name, value) => {
  if (!isIntegerWithin(value, 2 ** 31)) throw headerOfWrongType(name, value, 'int');
};

export const validateLong: HeaderValidator = (name, value) => {
  if (!isIntegerWithin(value, 2 ** 63)) throw headerOfWrongType(name, value, 'long');
};

const INTEGER = /^[+-]?\d{1,19}$/;

function isIntegerWithin(value: string, bound: number): boolean {
  if (!INTEGER.test(value)) return false;
  const exact = BigInt(value.startsWith('+') ? value.slice(1) : value);
  return exact < BigInt(bound) && exact >= -BigInt(bound);
}

export const validateNonEmpty: HeaderValidator = (name, value) => {
  if (value === '') throw headerInvalid(name, `The value of the header '${name}' must not be empty.`);
};

export const validateChannel: HeaderValidator = (name, value) => {
  const channel = value.trim().toLowerCase();
  if (channel !== 'twin' && channel !== 'live') {
    throw headerOfWrongType(name, value, 'channel', {
      description: 'The value must either be <twin> or <live>.',
    });
  }
};

export const validateObject: HeaderValidator = (name, value) => {
  if (!isJsonObject(readJson(value))) throw headerOfWrongType(name, value, 'JSON object');
};

export const validateStringArray: HeaderValidator = (name, value) => {
  if (!readArray(name, value).every((item) => typeof item === 'string')) {
    throw headerInvalid(name, `JSON array for <${name}> contained non-string values!`);
  }
};

export const validateAckLabels: HeaderValidator = (name, value) => {
  for (const label of readArray(name, value)) {
    if (typeof label !== 'string') {
      throw headerInvalid(name, `JSON array for <${name}> contained invalid acknowledgement labels.`);
    }
    if (!isAckLabel(label)) throw headerOfWrongType(name, value, 'JSON array of acknowledgement labels');
  }
};

const ENTITY_TAG = /^(?:W\/)?"[^"*]*"$/;
const ENTITY_TAG_HREF = 'https://tools.ietf.org/html/rfc7232#section-2.3';

export const validateEntityTag: HeaderValidator = (name, value) => {
  if (!ENTITY_TAG.test(value)) {
    throw headerOfWrongType(name, value, 'entity-tag', { href: ENTITY_TAG_HREF });
  }
};

export const validateEntityTagMatchers: HeaderValidator = (name, value) => {
  for (const matcher of value.split(',').map((item) => item.trim())) {
    if (matcher !== '*') validateEntityTag(name, matcher);
  }
};

export const validateTimeout: HeaderValidator = (_name, value) => {
  parseTimeoutMs(value);
};

export const validateFieldSelector: HeaderValidator = (name, value) => {
  try {
    checkFieldSelector(value);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw headerOfWrongType(name, value, 'field selector', {
      description: `${error.message} ${error.description}`,
    });
  }
};

export const validateMetadata: HeaderValidator = (name, value) => {
  try {
    canonicalMetadataHeaders(value);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw headerOfWrongType(name, value, 'MetadataHeaders', {
      description: [error.message, error.description].filter(Boolean).join(' '),
    });
  }
};

export const validateDirection: HeaderValidator = (name, value) => {
  if (value.toUpperCase() !== 'TO' && value.toUpperCase() !== 'FROM') {
    throw headerOfWrongType(name, value, 'message direction');
  }
};

export const validateStatusCode: HeaderValidator = (name, value) => {
  validateInt(name, value);
  const code = Number(value);
  if (code < 100 || code > 599) throw headerOfWrongType(name, value, 'HTTP status code');
};

function readArray(name: string, value: string): JsonArray {
  const array = readJson(value);
  if (!isJsonArray(array)) throw headerOfWrongType(name, value, 'JSON array');
  return array;
}

function readJson(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
