import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  silentLog,
  stringifyJson,
} from '@hawser/core';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createScriptEngine } from '../../../service/src/scripts/scriptEngine.ts';
import { casesOf } from './cases.ts';
import { liveReaderNames } from './live.ts';
import { scriptReaders } from './readers/scripts.ts';
import { readers as coreReaders } from './readers.ts';
import { parseDisputes, runFamily } from './run.ts';

const scripts = createScriptEngine({}, silentLog);
afterAll(() => scripts.close());
const readers = { ...coreReaders, ...scriptReaders(scripts) };

const folder = join(process.cwd(), 'packages/testkit/vectors');
const disputes = parseDisputes(readFileSync(join(folder, 'disputed.json'), 'utf8'));

const read = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');
/** What needs a running service is run by a suite of the service. */
const isLive = (name: string): boolean =>
  casesOf(parseJson(read(name), { maxDepth: 5000 })).some(({ reader }) => liveReaderNames.has(reader));
const families = ['oracle', 'commands', 'connections', 'pipeline']
  .flatMap((part) => readdirSync(join(folder, part)).map((file) => `${part}/${file.replace(/\.json$/, '')}`))
  .filter((name) => !isLive(name));

describe("Ditto's answers", () => {
  test.each(families)('%s', async (name) => {
    const { results } = await runFamily(name, read(name), readers, { disputes });
    expect(results.length).toBeGreaterThan(0);
    expect(
      results.filter(({ outcome }) => outcome === 'failed').map((r) => `${r.name}: ${r.difference}`),
    ).toEqual([]);
  });
});

describe('the comparison can fail', () => {
  test.each(families)('no case of %s passes when what is expected was altered', async (name) => {
    const altered = stringifyJson(alterFile(parseJson(read(name), { maxDepth: 5000 })));
    const { results } = await runFamily(name, altered, readers);
    expect(results.filter(({ outcome }) => outcome === 'passed').map((result) => result.name)).toEqual([]);
  });
});

/** The same file with every expectation changed to one that cannot hold. */
function alterFile(file: JsonValue): JsonValue {
  if (isJsonArray(file)) return file.map((vector) => alterCase(vector as JsonObject));
  const { vectors, ...rest } = file as JsonObject;
  return { ...rest, vectors: (vectors as readonly JsonObject[]).map(alterCase) };
}

function alterCase(vector: JsonObject): JsonObject {
  if (vector['expected'] !== undefined) {
    if (vector['valid'] === false)
      return { ...vector, expected: alterError(vector['expected'] as JsonObject) };
    if (vector['connectionJson'] !== undefined) return { ...vector, expected: { altered: true } };
    return { ...vector, expected: alterExpectation(vector['expected']) };
  }
  const json = vector['json'];
  if (isJsonObject(json) && json['expected'] !== undefined) {
    return { ...vector, json: { ...json, expected: alterExpectation(json['expected']) } };
  }
  if (isJsonObject(json) && json['plain'] !== undefined)
    return { ...vector, json: { ...json, plain: { altered: true } } };
  // of a round trip the expectation is the input: one that no reader gives back
  return { ...vector, json: { altered: json ?? null } };
}

function alterExpectation(expected: JsonValue): JsonObject {
  if (isJsonObject(expected) && isJsonObject(expected['error']))
    return { error: alterError(expected['error']) };
  if (isJsonObject(expected) && 'rejected' in expected) return { ok: 'altered' };
  return { error: { status: 599, error: 'altered' } };
}

const alterError = (error: JsonObject): JsonObject => ({ ...error, status: 599, error: 'altered' });
