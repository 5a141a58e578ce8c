import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@hawser/core';

/** One row of a vector file: what a reader gets, and what must come out. */
export interface VectorCase {
  readonly index: number;
  readonly name: string;
  /** Which reader takes it: `oracle:<family>`, `commands:<kind>`, `connections`, `pipeline:<function>`. */
  readonly reader: string;
  /** The whole case for pipeline and connections files, `input` for oracle files, `json` for commands files. */
  readonly input: JsonObject;
  /** `{ok}`, `{error}` or `{rejected}`. */
  readonly expected: JsonObject;
  /** Texts come from the script engine or a parser library: compare kind, status and code alone. */
  readonly engineSpecific: boolean;
  /** How the answer is held against what is expected; `http` compares the members alone that the case has. */
  readonly comparison: 'json' | 'http';
  /** What `--only PREFIX` is held against. */
  readonly subject: string | undefined;
}

/** Commands kinds whose `json` is the thing itself: what goes in must come out. */
const ROUND_TRIP = new Set([
  'command',
  'response',
  'event',
  'announcement',
  'error',
  'event-journal',
  'snapshot',
  'status-info',
]);

/** The cases of one vector file, whichever of the four shapes it has. @throws Error for a file of no known shape */
export function casesOf(file: JsonValue): readonly VectorCase[] {
  if (isJsonObject(file) && isJsonObject(file['header']) && isJsonArray(file['vectors'])) {
    const family = String(file['header']['family']);
    return file['vectors'].map((vector, index) => oracleCase(family, asObject(vector), index));
  }
  if (!isJsonArray(file)) throw new Error('no vector file: neither an array of cases nor {header, vectors}');
  return file.map((vector, index) => listedCase(asObject(vector), index));
}

function oracleCase(family: string, vector: JsonObject, index: number): VectorCase {
  const input = asObject(vector['input']);
  return {
    index,
    name: String(vector['name']),
    reader: `oracle:${family}`,
    input,
    expected: asObject(vector['expected']),
    engineSpecific: vector['engineSpecific'] === true,
    comparison: 'json',
    subject: subjectOf(input['signal']) ?? subjectOf(input['connection']),
  };
}

function listedCase(vector: JsonObject, index: number): VectorCase {
  const common = {
    index,
    name: String(vector['name']),
    engineSpecific: vector['engineSpecific'] === true,
    comparison: 'json',
  } as const;
  if (vector['connectionJson'] !== undefined) {
    const expected = asObject(vector['expected']);
    return {
      ...common,
      reader: 'connections',
      input: vector,
      expected: vector['valid'] === true ? { ok: expected } : { error: expected },
      subject: undefined,
    };
  }
  if (typeof vector['kind'] === 'string') {
    const json = vector['json'] as JsonValue;
    const input = isJsonObject(json) ? json : { json };
    return {
      ...common,
      reader: `commands:${vector['kind']}`,
      comparison: vector['kind'] === 'http-case' ? 'http' : 'json',
      input,
      expected: commandExpectation(vector['kind'], json),
      subject: subjectOf(json) ?? subjectOf(input['input']) ?? piggybackSubject(input),
    };
  }
  if (typeof vector['function'] === 'string') {
    const adaptable = vector['adaptable'];
    return {
      ...common,
      reader: `pipeline:${vector['function']}`,
      input: vector,
      expected: asObject(vector['expected']),
      subject: subjectOf(adaptable),
    };
  }
  throw new Error(`case ${index} has neither connectionJson, kind nor function`);
}

function commandExpectation(kind: string, json: JsonValue): JsonObject {
  if (ROUND_TRIP.has(kind)) return { ok: json };
  if (!isJsonObject(json)) throw new Error(`a case of kind ${kind} is no object`);
  if (kind === 'decrypt') return { ok: json['plain'] };
  const expected = json['expected'];
  if (expected === undefined) return { ok: 'accepted' };
  if (
    isJsonObject(expected) &&
    ('ok' in expected || 'error' in expected) &&
    Object.keys(expected).length === 1
  )
    return expected;
  return { ok: expected };
}

function subjectOf(value: JsonValue | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const key of ['type', 'error']) if (typeof value[key] === 'string') return value[key];
  return undefined;
}

/** Of an HTTP request that carries a command: the type of the command. */
function piggybackSubject(input: JsonObject): string | undefined {
  const request = isJsonObject(input['request']) ? input['request'] : input;
  return isJsonObject(request['body']) ? subjectOf(request['body']['piggybackCommand']) : undefined;
}

function asObject(value: JsonValue | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error('a vector case, its input or its expectation is no object');
  return value;
}
