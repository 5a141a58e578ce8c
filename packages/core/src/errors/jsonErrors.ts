import type { JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoError } from './dittoError.ts';
import { makeError } from './makeError.ts';

/** `json.field.missing`. `pointer` has its leading slash: `/connectionId`. */
export const jsonFieldMissing = (pointer: string): DittoError =>
  makeError('json.field.missing', `JSON did not include required <${pointer}> field!`);

/** `json.invalid` with a free message (json/.../JsonParseException.java); some of Ditto's have none. */
export const jsonInvalid = (message: string | undefined, description?: string): DittoError =>
  makeError('json.invalid', message, description === undefined ? {} : { description });

/** Longest input that an error quotes whole. */
const MAX_QUOTED = 8000;
const quoted = (text: string): string => (text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

/** `json.invalid` for text that is no JSON; the text is quoted as Ditto does, cut to a sane length. */
export const jsonUnparsable = (text: string): DittoError =>
  text === ''
    ? jsonInvalid('The JSON string to read from must not be empty!')
    : jsonInvalid(`Failed to parse JSON string '${quoted(text)}'!`);

/** `json.invalid` for a field of the wrong type; `javaType` is what Ditto prints: `String`, `Integer`, `JsonObject`, … */
export const jsonWrongType = (pointer: string, value: JsonValue, javaType: string): DittoError =>
  jsonInvalid(`Value <${quoted(stringifyJson(value))}> for <${pointer}> is not of type <${javaType}>!`);

/** `json.format.invalid`: an argument that Ditto's model refuses with a plain Java exception (wrapped by DittoJsonException). */
export const jsonFormatInvalid = (message: string): DittoError => makeError('json.format.invalid', message);

/** `json.format.invalid` for an item or number of another kind; `kind` as Ditto prints it: `a string`, `an int`, `a long`. */
export const jsonNotA = (kind: string, value: JsonValue): DittoError =>
  jsonFormatInvalid(`This JSON value is not ${kind}: ${quoted(stringifyJson(value))}`);

/** `json.invalid`: JSON, but no object (json/.../JsonFactory.java, `newObject`). */
export const jsonNoObject = (value: JsonValue): DittoError =>
  jsonInvalid(`<${quoted(stringifyJson(value))}> is not a valid JSON object!`);

/** `json.format.invalid`: JSON, but no object (json/.../JsonValue.java, `asObject`). */
export const jsonNotAnObject = (value: JsonValue): DittoError => jsonNotA('an object', value);
