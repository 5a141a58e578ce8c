#!/usr/bin/env node
// Sends one message through a connection without a broker and prints what each stage made of it. See docs/examples/mapping.
// usage: node scripts/map.mjs CONNECTION.json MESSAGE.json   (exit code 1 when a stage failed)
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  builtInEngines,
  defaultPipelineLimits,
  defaultValidationConfig,
  dryRun,
  isJsonObject,
  javaScriptEngine,
  parseJson,
  silentLog,
  stringifyJson,
} from '@hawser/core';
import { createScriptEngine } from '@hawser/service/scripts';

const [connectionFile, messageFile] = process.argv.slice(2);
if (connectionFile === undefined || messageFile === undefined) {
  console.error('usage: node scripts/map.mjs CONNECTION.json MESSAGE.json');
  process.exit(2);
}

const message = read(messageFile);
if (!isJsonObject(message)) quit(`${messageFile} is no JSON object`);
const scripts = createScriptEngine({}, silentLog);
const engines = [...builtInEngines, javaScriptEngine(scripts)];
const { failedStage, report } = await dryRun(
  read(connectionFile),
  message,
  { now: () => Date.now(), newId: randomUUID, engines, limits: defaultPipelineLimits },
  { ...defaultValidationConfig, engines },
);
await scripts.close();
console.log(stringifyJson(report, '  '));
if (failedStage !== undefined) {
  console.error(`failed: ${failedStage}`);
  process.exitCode = 1;
}

function read(file) {
  try {
    return parseJson(readFileSync(file, 'utf8'));
  } catch (error) {
    quit(`${file}: ${error.message}`);
  }
}

function quit(text) {
  console.error(text);
  process.exit(2);
}
