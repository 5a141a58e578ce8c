import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, stringifyJson } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import { alterFile } from './alter.ts';
import { casesOf } from './cases.ts';
import { liveReaderNames, scriptFamilies } from './live.ts';
import { readers } from './readers.ts';
import { parseDisputes, runFamily } from './run.ts';

const folder = join(process.cwd(), 'packages/testkit/vectors');
const disputes = parseDisputes(readFileSync(join(folder, 'disputed.json'), 'utf8'));

const read = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');
/** What needs a running service, or its engine for scripts, is run by suites of the service. */
const isOfService = (name: string): boolean =>
  scriptFamilies.includes(name) ||
  casesOf(parseJson(read(name), { maxDepth: 5000 })).some(({ reader }) => liveReaderNames.has(reader));
const families = ['oracle', 'commands', 'connections', 'pipeline']
  .flatMap((part) => readdirSync(join(folder, part)).map((file) => `${part}/${file.replace(/\.json$/, '')}`))
  .filter((name) => !isOfService(name));

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
