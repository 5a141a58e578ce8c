#!/usr/bin/env node
// Writes the JSON Schemas that core publishes to docs/schemas; with --check only tells whether they are current.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandSchema, connectionSchema, piggybackRequestSchema } from '@hawser/core';

const schemas = {
  'command.schema.json': commandSchema,
  'connection.schema.json': connectionSchema,
  'piggyback.schema.json': piggybackRequestSchema,
};
const folder = new URL('../docs/schemas/', import.meta.url);
const isCheck = process.argv.includes('--check');

let stale = 0;
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(name, folder);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (textOf(file) === text) continue;
  if (isCheck) {
    stale++;
    console.error(`${fileURLToPath(file)} is not current: run npm run schemas`);
  } else {
    writeFileSync(file, text);
    console.log(`wrote ${fileURLToPath(file)}`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
