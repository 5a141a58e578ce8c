import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, silentLog, stringifyJson } from '@hawser/core';
import {
  alterFile,
  readers as coreReaders,
  parseDisputes,
  runFamily,
  scriptFamilies,
  scriptReaders,
} from '@hawser/testkit/conformance';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createScriptEngine } from '../src/scripts/scriptEngine.ts';

const scripts = createScriptEngine({}, silentLog);
afterAll(() => scripts.close());
const readers = { ...coreReaders, ...scriptReaders(scripts) };

const folder = join(process.cwd(), 'packages/testkit/vectors');
const disputes = parseDisputes(readFileSync(join(folder, 'disputed.json'), 'utf8'));
const read = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');

describe("Ditto's answers about mapping scripts", () => {
  test.each(scriptFamilies)('%s', async (name) => {
    const { results } = await runFamily(name, read(name), readers, { disputes });
    expect(results.length).toBeGreaterThan(0);
    expect(
      results.filter(({ outcome }) => outcome === 'failed').map((r) => `${r.name}: ${r.difference}`),
    ).toEqual([]);
  });

  test.each(scriptFamilies)('no case of %s passes when what is expected was altered', async (name) => {
    const altered = stringifyJson(alterFile(parseJson(read(name), { maxDepth: 5000 })));
    const { results } = await runFamily(name, altered, readers);
    expect(results.filter(({ outcome }) => outcome === 'passed').map((result) => result.name)).toEqual([]);
  });
});
