import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isJsonArray, type JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { javaScriptEngine } from '../mapping/javaScriptEngine.ts';
import { builtInEngines } from '../mapping/mapperEngines.ts';
import type { ScriptEngine } from '../ports/scriptEngine.ts';
import { dryRun } from './dryRun.ts';
import { defaultPipelineLimits } from './pipelineEnvironment.ts';

const example = (name: string): JsonObject => {
  const file = new URL(`../../../../docs/examples/mapping/${name}.json`, import.meta.url);
  return parseJson(readFileSync(file, 'utf8')) as JsonObject;
};
const run = (connection: JsonObject, message: JsonObject) =>
  dryRun(connection, message, {
    now: () => 0,
    newId: () => 'new-id',
    engines: builtInEngines,
    limits: defaultPipelineLimits,
  });
const stagesOf = (report: JsonObject): readonly unknown[] => {
  const { stages } = report;
  return isJsonArray(stages) ? stages.map((stage) => (stage as JsonObject)['stage']) : [];
};

const connection = example('connection');
const [source] = connection['sources'] as readonly JsonObject[];
const withSource = (change: JsonObject): JsonObject => ({
  ...connection,
  sources: [{ ...source, ...change }],
});

describe('the dry run of a message that comes in', () => {
  test('shows every stage, and the signal at the end', async () => {
    const { failedStage, report } = await run(connection, example('inbound'));
    expect(failedStage).toBeUndefined();
    expect(stagesOf(report)).toEqual([
      'enforcementInput',
      'inboundMapper',
      'signal',
      'authorization',
      'headerMapping',
      'acknowledgements',
      'enforcement',
    ]);
    expect(report['signals']).toMatchObject([
      {
        type: 'things.commands:modifyFeatureProperty',
        headers: { 'correlation-id': 'm-17', 'requested-acks': '["greenhouse:archive"]' },
      },
    ]);
  });

  test.each([
    ['enforcement', example('inbound'), { enforcement: { input: 'x', filters: ['{{ thing:id }}'] } }],
    [
      'enforcementInput',
      example('inbound'),
      { enforcement: { input: '{{ header:x }}', filters: ['{{ thing:id }}'] } },
    ],
    ['authorization', example('inbound'), { authorizationContext: ['{{ header:none }}'] }],
    ['inboundMapper', { headers: {}, text: 'no JSON' }, {}],
    ['signal', { headers: {}, text: '{"topic":"a/b/things/twin/commands/modify","path":"/nowhere"}' }, {}],
    ['validate', example('inbound'), { addresses: ['a/#/b'] }],
    ['message', { ...example('inbound'), source: 7 }, {}],
  ])('names the stage that failed: %s', async (stage, message, change) => {
    const { failedStage, report } = await run(withSource(change), message);
    expect(failedStage).toBe(stage);
    expect(JSON.stringify(report)).toContain('"error":{"status":');
  });

  test('refuses a message with a misspelt member', async () => {
    const { text, ...rest } = example('inbound');
    const { failedStage, report } = await run(connection, { ...rest, payload: text ?? '' });
    expect(failedStage).toBe('message');
    expect(report['failed']).toMatchObject({ error: { error: 'json.invalid' } });
  });

  test('refuses what is no connection', async () => {
    expect(await run({}, example('inbound'))).toMatchObject({
      failedStage: 'connection',
      report: {
        direction: 'inbound',
        failed: { stage: 'connection', error: { error: 'json.field.missing' } },
      },
    });
  });
});

describe('the dry run of a message that goes out', () => {
  const outbound = example('outbound');

  test('shows the targets, with what each of them sends where', async () => {
    const { failedStage, report } = await run(connection, outbound);
    expect(failedStage).toBeUndefined();
    expect(report['targets']).toMatchObject([
      {
        index: 0,
        extraFields: ['/attributes/place'],
        fetched: { attributes: { place: 'glass house' } },
        messages: [{ mapper: 'sparse', address: 'alarms/sensor-1/high' }],
      },
    ]);
  });

  test('tells that no target takes it, or none once its thing is known', async () => {
    const unread = await run(connection, { ...outbound, readSubjects: [] });
    expect(unread.report['targets']).toEqual([]);
    const elsewhere = await run(connection, { ...outbound, thing: { attributes: { place: 'yard' } } });
    expect(elsewhere.report['targets']).toMatchObject([{ dropped: 'no filter matches the enriched thing' }]);
  });

  test('sends an answer to the reply target', async () => {
    const answer = {
      signal: { topic: 'a/b/things/twin/commands/delete', headers: {}, path: '/', status: 204 },
      replyTo: 0,
    };
    const { report } = await run(
      withSource({ replyTarget: { address: 'replies/{{ thing:name }}' } }),
      answer,
    );
    expect(report['targets']).toMatchObject([{ index: -1, messages: [{ address: 'replies/b' }] }]);
  });

  test('names the stage that failed', async () => {
    const bad = { ...outbound, signal: { topic: 'a/b/c', path: '/' } };
    expect((await run(connection, bad)).failedStage).toBe('signal');
  });
});

test('the dry run of a script shows what it printed and used, and where it failed', async () => {
  const scripts: ScriptEngine = {
    createMapper: (_scripts, observe) => ({
      mapInbound: () => {
        observe?.({
          direction: 'inbound',
          console: ['hello'],
          timeMs: 1.2345,
          memoryBytes: 1000,
          failure: 'TypeError: x',
          place: { script: 'incomingScript', line: 2, column: 7 },
        });
        throw new TypeError('x');
      },
      mapOutbound: () => [],
    }),
  };
  const { failedStage, report } = await dryRun(
    {
      ...withSource({ payloadMapping: ['js'] }),
      targets: [],
      mappingDefinitions: { js: { mappingEngine: 'JavaScript', options: { incomingScript: 'x' } } },
    },
    example('inbound'),
    {
      now: () => 0,
      newId: () => 'new-id',
      engines: [...builtInEngines, javaScriptEngine(scripts)],
      limits: defaultPipelineLimits,
    },
  );
  expect(failedStage).toBe('inboundMapper');
  const stages = report['stages'] as readonly JsonObject[];
  expect(stages.find(({ stage }) => stage === 'script')).toEqual({
    stage: 'script',
    direction: 'inbound',
    console: ['hello'],
    timeMs: 1.23,
    memoryBytes: 1000,
    failure: 'TypeError: x',
    script: 'incomingScript',
    line: 2,
    column: 7,
  });
});
