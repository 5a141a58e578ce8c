import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const vectors = join(process.cwd(), 'packages/testkit/vectors');
const families = ['commands/http', 'commands/requests'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-live-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `scripts/conformance.mjs`, which starts the services that the cases need. */
function conformance(...args: readonly string[]) {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/conformance.mjs', ...args], {
    encoding: 'utf8',
    timeout: 90_000,
  });
  return { status, stdout };
}

const countOf = (family: string): number =>
  (JSON.parse(readFileSync(join(vectors, `${family}.json`), 'utf8')) as unknown[]).length;

describe("Ditto's answers over HTTP", () => {
  test.each(families)('%s', (family) => {
    const { status, stdout } = conformance(join(vectors, `${family}.json`));
    expect(stdout).toBe(`${family}: ${countOf(family)}/${countOf(family)}\n`);
    expect(status).toBe(0);
  });

  test('no case passes when what is expected was altered', () => {
    const cases = JSON.parse(readFileSync(join(vectors, 'commands/http.json'), 'utf8')) as {
      readonly json: object;
    }[];
    const altered = cases.map(({ json, ...rest }) => ({
      ...rest,
      json: { ...json, expected: { status: 599 } },
    }));
    mkdirSync(join(folder, 'commands'));
    writeFileSync(join(folder, 'commands/http.json'), JSON.stringify(altered));
    const { status, stdout } = conformance(join(folder, 'commands/http.json'));
    expect(stdout).toContain(`commands/http: 0/${cases.length}\n`);
    expect(status).toBe(1);
  });

  test('are limited by the type of the command and emitted case by case', () => {
    const out = join(folder, 'out.jsonl');
    const type = 'connectivity.commands:closeConnection';
    const { status } = conformance('--only', type, '--emit', out, join(vectors, 'commands/requests.json'));
    expect(status).toBe(0);
    const lines = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatchObject({ value: { ok: 'accepted' } });
  });

  test('without a reader are an error of the run', () => {
    mkdirSync(join(folder, 'commands'));
    const file = join(folder, 'commands/http.json');
    writeFileSync(file, JSON.stringify([{ name: 'x', kind: 'http-unknown', json: {} }]));
    const { status, stdout } = conformance(file, join(vectors, 'commands/durations.json'));
    expect(stdout).toContain('no reader for commands:http-unknown');
    expect(status).toBe(1);
  });
});
