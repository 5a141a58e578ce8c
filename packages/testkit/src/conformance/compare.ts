import {
  isJsonArray,
  isJsonNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  stringifyJson,
} from '@hawser/core';

/** Why two answers differ, for people; `undefined` when they are equal by the rules of the vectors. */
export type Difference = string | undefined;

/** Holds what the product produced against an expectation: `{ok}`, `{error}` or `{rejected}`. */
export function compareOutcome(
  expected: JsonObject,
  actual: JsonObject,
  engineSpecific: boolean,
): Difference {
  if ('rejected' in expected) return 'error' in actual ? undefined : `must be refused, gave ${text(actual)}`;
  if ('error' in expected) {
    if (!isJsonObject(actual['error'])) return `expected ${text(expected)}, got ${text(actual)}`;
    return compareError(expected['error'] as JsonObject, actual['error'], engineSpecific);
  }
  if (!('ok' in actual)) return `expected ${text(expected)}, got ${text(actual)}`;
  if (engineSpecific)
    return sameKind(expected['ok'], actual['ok']) ? undefined : `another kind of result: ${text(actual)}`;
  return compareJson(expected['ok'], actual['ok'], '');
}

/** An answer over HTTP: status, and of headers and body what the case has; a header is given by its beginning. */
export function compareHttp(expected: JsonObject, actual: JsonObject): Difference {
  const answer = actual['ok'];
  const wanted = expected['ok'];
  if (!isJsonObject(answer) || !isJsonObject(wanted))
    return `expected ${text(expected)}, got ${text(actual)}`;
  const headers = isJsonObject(wanted['headers']) ? wanted['headers'] : {};
  const given = isJsonObject(answer['headers']) ? answer['headers'] : {};
  return first([
    compareJson(wanted['status'], answer['status'], '/status'),
    'body' in wanted ? compareJson(wanted['body'], answer['body'], '/body') : undefined,
    ...Object.entries(headers).map(([name, value]) =>
      String(given[name] ?? '').startsWith(String(value))
        ? undefined
        : differ(`/headers/${name}`, value, given[name]),
    ),
  ]);
}

const ERROR_MEMBERS = ['status', 'error', 'message', 'description', 'href'];
const INFORMATIVE = new Set(['cause', 'reason', 'note', 'messageStartsWith', 'messageContains']);

function compareError(expected: JsonObject, actual: JsonObject, engineSpecific: boolean): Difference {
  const members = engineSpecific
    ? ['status', 'error']
    : Object.keys(expected).filter((key) => !INFORMATIVE.has(key));
  for (const member of members) {
    if (!(member in expected) && !ERROR_MEMBERS.includes(member)) continue;
    const difference = compareJson(expected[member], actual[member], `error/${member}`);
    if (difference !== undefined) return difference;
  }
  if (engineSpecific) return undefined;
  const message = String(actual['message']);
  const start = expected['messageStartsWith'];
  if (typeof start === 'string' && !message.startsWith(start))
    return `message does not start with ${start}: ${message}`;
  const part = expected['messageContains'];
  if (typeof part === 'string' && !message.includes(part))
    return `message does not contain ${part}: ${message}`;
  return undefined;
}

/**
 * Members in any order, arrays in order; `<now>`, `<random-uuid>` and `<...>` in an expected text stand for anything. The error
 * of an outcome that is one of several is compared like an error that is the answer.
 */
export function compareJson(
  expected: JsonValue | undefined,
  actual: JsonValue | undefined,
  at: string,
): Difference {
  if (expected === undefined && actual === undefined) return undefined;
  if (typeof expected === 'string' && typeof actual === 'string') {
    return expected === actual || wildcard(expected)?.test(actual) ? undefined : differ(at, expected, actual);
  }
  if (isJsonNumber(expected) && isJsonNumber(actual)) {
    const same =
      stringifyJson(expected) === stringifyJson(actual) ||
      (typeof expected === 'number' && expected === actual);
    return same ? undefined : differ(at, expected, actual);
  }
  if (isJsonArray(expected) && isJsonArray(actual)) {
    if (expected.length !== actual.length) return differ(at, expected, actual);
    return first(expected.map((item, i) => compareJson(item, actual[i], `${at}/${i}`)));
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    if (isFailedOutcome(expected) && isFailedOutcome(actual)) {
      const { error: expectedError, ...expectedRest } = expected;
      const { error: actualError, ...actualRest } = actual;
      return (
        compareJson({ ...expectedRest, outcome: 'failed' }, { ...actualRest, outcome: 'failed' }, at) ??
        compareError(expectedError, actualError, false)
      );
    }
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return first(
      [...keys].map((key) => compareJson(member(expected, key), member(actual, key), `${at}/${key}`)),
    );
  }
  return expected === actual ? undefined : differ(at, expected, actual);
}

const isFailedOutcome = (json: JsonObject): json is JsonObject & { readonly error: JsonObject } =>
  json['outcome'] === 'error' && isJsonObject(json['error']);

function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function wildcard(expected: string): RegExp | undefined {
  const parts = expected.split(/<random-uuid>|<now>|<\.\.\.>/);
  if (parts.length === 1) return undefined;
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')}$`, 's');
}

function sameKind(expected: JsonValue | undefined, actual: JsonValue | undefined): boolean {
  return isJsonArray(expected) === isJsonArray(actual) && (expected === null) === (actual === null);
}

const first = (differences: readonly Difference[]): Difference =>
  differences.find((difference) => difference !== undefined);
const differ = (at: string, expected: JsonValue | undefined, actual: JsonValue | undefined): string =>
  `${at || '/'}: expected ${text(expected)}, got ${text(actual)}`;
const text = (value: JsonValue | undefined): string =>
  value === undefined ? 'nothing' : stringifyJson(value);
