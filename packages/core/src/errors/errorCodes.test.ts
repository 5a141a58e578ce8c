import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { errorClasses } from './errorClasses.ts';
import { type ErrorCode, errorCodes } from './errorCodes.ts';
import { makeError } from './makeError.ts';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| `([^`]+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)].map(
    ([, code = '', status, , description = '']) => [code, { status: Number(status), description }],
  ),
);

describe('the page of errors', () => {
  test.each(Object.entries(errorCodes))('lists %s as the table has it', (code, { status, description }) => {
    expect(rows.get(code)).toEqual({ status, description: (description ?? '-').replace(/[|<]/g, '\\$&') });
  });

  test('lists nothing that the table does not have', () => {
    expect([...rows.keys()].filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  });
});

const vectors = new URL('../../../testkit/vectors/twin/policy-errors.json', import.meta.url);
const built = JSON.parse(readFileSync(vectors, 'utf8')).vectors as readonly {
  name: string;
  error: { status: number; error: ErrorCode; message: string };
}[];

test.each(built)("$name has the status of Ditto's builder", ({ error: { error, status } }) => {
  expect(errorCodes[error].status).toBe(status);
});

test.each(
  built.filter(({ name }) => /^(thing|policy)(Unavailable|NotAllowed|NotFound|Conflict)$/.test(name)),
)("$name has the status and the description of Ditto's builder", ({ error }) => {
  expect(makeError(error.error, error.message).toJson()).toEqual(error);
});

test.each(Object.entries(errorClasses))('%s is read with the status with which it is made', (code, entry) => {
  const made = Object.hasOwn(errorCodes, code) ? errorCodes[code as keyof typeof errorCodes] : undefined;
  expect(entry[1] ?? made?.status).toBe(made?.status ?? entry[1]);
  expect(entry[1] ?? made?.status).toBeDefined();
});
