#!/usr/bin/env node
// Brings docs/errors.md in line with the table of codes: status and description come from the table, the form of the
// message stays as it is written in the page; a new code gets `*free*` until somebody writes its form.
import { readFileSync, writeFileSync } from 'node:fs';
import { errorCodes } from '@hawser/core';

const file = new URL('../docs/errors.md', import.meta.url);
const page = readFileSync(file, 'utf8');
const intro = page.slice(0, page.search(/^## /m)).trimEnd();
const forms = new Map(
  [...page.matchAll(/^\| `([^`]+)` \| \d{3} \| (.+?) \| /gm)].map(([, code, form]) => [code, form]),
);

const groupOf = (code) =>
  code.startsWith('json.') ? 'JSON' : code.includes(':') ? `\`${code.split(':')[0]}:\`` : 'General';
const groups = new Map([
  ['JSON', []],
  ['General', []],
]);
for (const code of Object.keys(errorCodes).sort()) {
  const group = groupOf(code);
  groups.set(group, [...(groups.get(group) ?? []), code]);
}

const cell = (text) => text.replace(/[|<]/g, '\\$&');
const row = (code) => {
  const { status, description } = errorCodes[code];
  return `| \`${code}\` | ${status} | ${forms.get(code) ?? '*free*'} | ${cell(description ?? '-')} |`;
};
const section = ([title, codes]) =>
  `## ${title}\n\n| Code | Status | Message | Description |\n|---|---|---|---|\n${codes.map(row).join('\n')}\n`;
writeFileSync(file, `${intro}\n\n${[...groups].map(section).join('\n')}`);
