import { DittoError } from '../errors/dittoError.ts';
import { jsonInvalid, jsonNotA } from '../errors/jsonErrors.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { illegalAdaptable } from '../protocol/protocolErrors.ts';
import type { ValueReader } from './resource.ts';

const KIND_NAMES = {
  object: 'an object',
  nullable: 'an object',
  array: 'an array',
  string: 'a string',
} as const;

/**
 * The value of a command or event about a thing (protocol/.../AbstractThingMappingStrategies.java).
 * @throws DittoError `json.invalid` without text when it is missing, `json.format.invalid`, and the reader's
 */
export function readThingValue(reader: ValueReader, value: JsonValue | undefined): JsonValue {
  if (value === undefined) throw jsonInvalid(undefined);
  return readKind(reader, value, () =>
    jsonNotA(reader.kind === 'any' ? 'a value' : KIND_NAMES[reader.kind], value),
  );
}

/**
 * The value of a command or event about a policy (protocol/.../AbstractPolicyMappingStrategies.java).
 * @throws DittoError unspecific when it is no object, and the reader's
 */
export function readPolicyValue(reader: ValueReader, value: JsonValue | undefined): JsonValue {
  if (value === undefined) throw noObject();
  return readKind(reader, value, noObject);
}

const noObject = (): DittoError =>
  unspecificError('NullPointerException', 'Payload value must be a non-null object.');

const DEFAULT_DESCRIPTION = 'Please ensure that the Adaptable matches the expectations.';

/**
 * The value of a response (protocol/.../MappingContext.java); a missing one counts as absent.
 * @throws DittoError `protocoladapter:illegal.adaptable`
 */
export function readResponseValue(
  reader: ValueReader,
  adaptable: Adaptable,
  type: string,
): JsonValue | undefined {
  const { value } = adaptable;
  if (value === undefined) return undefined;
  const wrongKind = () => {
    const [message, description] = wrongKindTexts(reader, value);
    return illegalAdaptable(type, adaptable, message, description);
  };
  return legal(type, adaptable, () => readKind(reader, value, wrongKind));
}

/** What a response's model refuses makes the whole response illegal (protocol/.../AdaptableToSignalMapper.java). */
export function legal<T>(type: string, adaptable: Adaptable, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DittoError) || error.code === 'protocoladapter:illegal.adaptable') throw error;
    const isJavaError = error.code.startsWith('json.');
    throw illegalAdaptable(type, adaptable, error.message, isJavaError ? undefined : error.description);
  }
}

function wrongKindTexts({ kind, name }: ValueReader, value: JsonValue): readonly [string, string] {
  const text = stringifyJson(value);
  if (kind === 'string')
    return [`Payload value is not a ${name} as JSON string but <${text}>.`, DEFAULT_DESCRIPTION];
  if (kind === 'array')
    return [`Payload value is not a ${name} as JSON array but <${text}>.`, DEFAULT_DESCRIPTION];
  if (name === 'Attributes') {
    return [`Payload value is not an ${name} as JSON object but <${text}>.`, DEFAULT_DESCRIPTION];
  }
  if (name === 'Thing') {
    return [
      `Payload value is not a ${name} as JSON object but <${text}>.`,
      'Please ensure that the payload value is a valid Thing JSON object representation.',
    ];
  }
  return [
    `Payload value is not a ${name} as JSON object but <${text}>.`,
    `Please ensure that the payload value is a JSON object representation of <${javaType(name)}>.`,
  ];
}

const POLICY_TYPES = new Set(['Policy', 'PolicyEntry', 'PolicyImports', 'PolicyImport', 'Subject']);

const javaType = (name: string): string =>
  `interface org.eclipse.ditto.${POLICY_TYPES.has(name) ? 'policies' : 'things'}.model.${name}`;

/** The errors of a response without a value that needs one. */
export function missingResponseValue(reader: ValueReader, adaptable: Adaptable, type: string): DittoError {
  const [message, description] = missingTexts(reader);
  return illegalAdaptable(type, adaptable, message, description);
}

function missingTexts({ kind, name }: ValueReader): readonly [string, string] {
  switch (name) {
    case 'Attribute':
      return [
        'Payload does not contain an attribute value.',
        'Please ensure that the payload of the Adaptable contains an attribute value.',
      ];
    case 'FeatureProperty':
      return [
        'Payload does not contain a feature property value because it has no value at all.',
        'Please ensure that the payload contains a JSON value as value.',
      ];
    case 'Attributes':
    case 'Thing':
      return [
        `Payload does not contain a${name === 'Thing' ? '' : 'n'} ${name} as JSON object because it has no value at all.`,
        `Please ensure that the payload contains a valid ${name} JSON object as value.`,
      ];
    case 'PolicyId':
      return [
        'Payload does not contain a PolicyId as JSON string because it has no value at all.',
        'Please ensure that the payload contains a valid PolicyId JSON string value as value.',
      ];
  }
  const json = kind === 'string' ? 'string' : kind === 'array' ? 'array' : 'object';
  const because = json === 'object' ? 'it has no value at all.' : 'because it has no value at all.';
  return [
    `Payload does not contain a ${name} as JSON ${json} ${because}`,
    `Please ensure that the payload contains a valid ${name} JSON ${json} as value.`,
  ];
}

function readKind(reader: ValueReader, value: JsonValue, wrongKind: () => DittoError): JsonValue {
  switch (reader.kind) {
    case 'any':
      return reader.read(value);
    case 'string':
      if (typeof value !== 'string') throw wrongKind();
      return reader.read(value);
    case 'array':
      if (value !== null && !isJsonArray(value)) throw wrongKind();
      return reader.read(value);
    case 'nullable':
      if (value !== null && !isJsonObject(value)) throw wrongKind();
      return reader.read(value);
    case 'object':
      if (value !== null && !isJsonObject(value)) throw wrongKind();
      return reader.read(value ?? {});
  }
}
