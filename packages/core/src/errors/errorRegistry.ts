import { optionalArray, optionalInt, optionalString, requiredInt, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { isUriReference } from '../model/uriReference.ts';
import { DittoError, isDittoError } from './dittoError.ts';
import { errorClasses } from './errorClasses.ts';
import { type ErrorCode, errorCodes } from './errorCodes.ts';
import { jsonFieldMissing, jsonInvalid, jsonNotAnObject } from './jsonErrors.ts';
import { unspecificFailureOf } from './unspecificFailure.ts';

export interface ParsedError {
  /** Simple name of Ditto's exception class. */
  readonly className: string;
  readonly error: DittoError;
}

type Headers = Readonly<Record<string, string>>;
type Reader = (json: JsonObject, code: string, headers: Headers) => DittoError;

/**
 * Reads the JSON of a Ditto error (base/model/.../signals/GlobalErrorRegistry.java). The status is that of the code,
 * whatever the JSON says; only of an unknown code it is the JSON's own.
 *
 * @throws DittoError `json.field.missing` without `error` or `message`, `json.invalid` for wrong types or a bad link
 */
export function parseError(json: JsonObject, headers: Headers = {}): ParsedError {
  const code = requiredString(json, 'error');
  const registered = Object.hasOwn(errorClasses, code) ? errorClasses[code] : undefined;
  if (registered === undefined)
    return { className: 'UnknownDittoRuntimeException', error: readUnknown(json, code, headers) };
  const read = Object.hasOwn(peculiarReaders, code) ? peculiarReaders[code] : undefined;
  const isJsonError = registered[0] === 'DittoJson';
  return {
    className: `${registered[0]}Exception`,
    error: (read ?? (isJsonError ? readJsonError : readRegistered))(json, code, headers),
  };
}

const COMMON_MEMBERS = new Set(['status', 'error', 'message', 'description', 'href']);

/**
 * An error just as it is written: with its own status, without the defaults of its code, its message optional. For
 * passing on what was made by a factory, be it ours or Ditto's.
 *
 * @throws DittoError `json.field.missing`, `json.invalid`
 */
export function errorFromJson(json: JsonObject, headers: Headers = {}): DittoError {
  const others = Object.entries(json).filter(([member]) => !COMMON_MEMBERS.has(member));
  return new DittoError({
    status: requiredInt(json, 'status'),
    code: requiredString(json, 'error'),
    message: optionalString(json, 'message'),
    description: optionalString(json, 'description'),
    href: optionalString(json, 'href'),
    details: others.length === 0 ? undefined : Object.fromEntries(others),
    headers,
  });
}

function readRegistered(json: JsonObject, code: string, headers: Headers): DittoError {
  const [, status, description, href] = errorClasses[code] ?? ['', 500];
  const table = Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode] : undefined;
  const ownDescription = optionalString(json, 'description');
  const ownHref = optionalString(json, 'href');
  if (ownHref !== undefined && !isUriReference(ownHref)) throw unparsableSignal(json);
  return new DittoError({
    status: status ?? table?.status ?? 500,
    code,
    message: requiredString(json, 'message'),
    description: ownDescription ?? (status === undefined ? table?.description : description),
    href: ownHref ?? href,
    headers,
  });
}

/** Of a code that is not known everything comes from the JSON; a bad link is left out. */
function readUnknown(json: JsonObject, code: string, headers: Headers): DittoError {
  const status = optionalInt(json, 'status');
  const message = optionalString(json, 'message') ?? 'An unknown error occurred';
  const description = optionalString(json, 'description') ?? '';
  const href = optionalString(json, 'href');
  return new DittoError({
    status: status !== undefined && status >= 100 && status <= 599 ? status : 500,
    code,
    message,
    description,
    href: href !== undefined && isUriReference(href) ? href : undefined,
    headers,
  });
}

/** `json.*` errors have neither a required message nor a link. */
function readJsonError(json: JsonObject, code: string, headers: Headers): DittoError {
  return new DittoError({
    status: 400,
    code,
    message: optionalString(json, 'message'),
    description: optionalString(json, 'description'),
    headers,
  });
}

/** Readers of classes that deviate from the common one. */
const peculiarReaders: Readonly<Record<string, Reader>> = {
  'header.invalid': (json, code, headers) => withMember(json, code, headers, 'invalidHeaderKey'),
  'header.notsupported': (json, code, headers) => withMember(json, code, headers, 'notSupportedHeaderKey'),
  'messages:authorization.blocked': (_json, code, headers) =>
    new DittoError({
      status: 429,
      code,
      message: 'Your Authorization Subject is temporarily blocked. Please try again later.',
      description: errorClasses[code]?.[2],
      headers,
    }),
  'messages:messageformat.invalid': (json, code, headers) => {
    const validationErrors = optionalArray(json, 'validationErrors') ?? [];
    return withDetails(readRegistered(json, code, headers), { validationErrors });
  },
  'policies:action.failed': (json, code, headers) => {
    const status = requiredInt(json, 'status');
    if (status < 100 || status > 599) throw jsonInvalid(statusOutOfRange(status));
    return withDetails(readRegistered(json, code, headers), undefined, status);
  },
  'protocoladapter:illegal.adaptable': readIllegalAdaptable,
};

function withMember(json: JsonObject, code: string, headers: Headers, member: string): DittoError {
  const value = optionalString(json, member);
  const error = readRegistered(json, code, headers);
  return value === undefined ? error : withDetails(error, { [member]: value });
}

/** protocol/.../IllegalAdaptableException.java: the status must be right and the topic path given. */
function readIllegalAdaptable(json: JsonObject, code: string, headers: Headers): DittoError {
  try {
    const status = optionalInt(json, 'status');
    if (status === undefined) throw jsonFieldMissing('/status');
    if (status !== 422)
      throw jsonInvalid(`HTTP status code <${status}> of field </status> differs from the expected <422>.`);
    requiredString(json, 'message');
    const topicPath = requiredString(json, 'topicPath');
    const signalType = optionalString(json, 'signalType');
    return withDetails(readRegistered(json, code, headers), {
      topicPath,
      ...(signalType === undefined ? {} : { signalType }),
    });
  } catch (error) {
    if (!(error instanceof DittoError)) throw error;
    throw jsonInvalid(`Failed to deserialize JSON object to a IllegalAdaptableException: ${error.message}`);
  }
}

const withDetails = (error: DittoError, details: JsonObject | undefined, status?: number): DittoError =>
  new DittoError({
    status: status ?? error.status,
    code: error.code,
    message: error.message,
    description: error.description,
    href: error.href,
    headers: error.headers,
    details,
  });

/** base/model/.../common/HttpStatusCodeOutOfRangeException.java */
export const statusOutOfRange = (status: number): string =>
  `Provided HTTP status code <${status}> is not within the range of 100 to 599.`;

const unparsableSignal = (json: JsonObject): DittoError =>
  jsonInvalid(`Error during parsing json: <${stringifyJson(json)}>`);

/** The error inside of an error response; `null` counts as an empty one. @throws DittoError `json.field.missing`, `json.format.invalid` */
export function readErrorPayload(json: JsonObject): JsonObject {
  const payload = Object.hasOwn(json, 'payload') ? json['payload'] : undefined;
  if (payload === undefined) throw jsonFieldMissing('/payload');
  if (payload === null) return {};
  if (isJsonObject(payload)) return payload;
  throw jsonNotAnObject(payload);
}

/**
 * What Ditto's registries answer when reading a signal failed: the model's own refusals as they are, and one `json.invalid`
 * in place of what was a plain Java exception (base/model/.../AnnotationBasedJsonParsable.java).
 */
export function signalRefusal(error: unknown, json: JsonObject): unknown {
  const isPlain = isDittoError(error, 'json.format.invalid') || unspecificFailureOf(error) !== undefined;
  return isPlain ? unparsableSignal(json) : error;
}
