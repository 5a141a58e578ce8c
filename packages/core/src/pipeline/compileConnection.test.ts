import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { builtInEngines } from '../mapping/mapperEngines.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { compileConnection } from './compileConnection.ts';
import type { CompiledConnection, OutboundOutcome } from './compiledConnection.ts';
import { defaultPipelineLimits } from './pipelineEnvironment.ts';

function compile(json: JsonObject): CompiledConnection {
  const connection = parseConnection({
    id: 'conn-1',
    connectionType: 'mqtt-5',
    connectionStatus: 'open',
    uri: 'tcp://broker.example.org:1883',
    ...json,
  });
  return compileConnection(connection, {
    now: () => 0,
    newId: () => 'new-id',
    engines: builtInEngines,
    limits: defaultPipelineLimits,
  });
}

const modify = (name: string, headers: JsonObject = {}): JsonObject => ({
  topic: `org.acme/${name}/things/twin/commands/modify`,
  headers,
  path: '/attributes/n',
  value: 1,
});

const SOURCE = { addresses: ['in'], authorizationContext: ['s:1'] };
const GRANTED = { 'ditto-read-subjects': '["s:1"]' };
const event = (headers: Readonly<Record<string, string>> = {}): Signal => {
  const signal = signalFromAdaptable(
    parseAdaptable({ ...modify('pump'), topic: 'org.acme/pump/things/twin/events/modified', revision: 1 }),
  );
  return { ...signal, headers: withHeaders(signal.headers, { ...GRANTED, ...headers }) };
};
const TARGET = { address: 'out', topics: ['_/_/things/twin/events'], authorizationContext: ['s:1'] };

function outbound(compiled: CompiledConnection, signal: Signal, extra?: JsonObject) {
  return compiled
    .selectTargets(signal)
    .map((target) => target.mapOutbound(signal, extra) as readonly OutboundOutcome[]);
}

describe('outbound, a compiled connection', () => {
  test('selects targets in their order, and none for what came from it', () => {
    const other = { ...TARGET, topics: ['_/_/things/live/events'] };
    const compiled = compile({ targets: [TARGET, other, { ...TARGET, address: 'out2' }] });
    expect(compiled.selectTargets(event()).map(({ index }) => index)).toEqual([0, 2]);
    expect(compiled.selectTargets(event({ 'ditto-origin': 'conn-1' }))).toEqual([]);
  });

  test('maps the signal, its headers and the address', () => {
    const target = {
      ...TARGET,
      address: 'out/{{ thing:name }}',
      headerMapping: { id: '{{ thing:id }}', none: '{{ header:none }}' },
      qos: 1,
    };
    expect(
      outbound(compile({ targets: [target] }), event({ 'correlation-id': 'c' }), { attributes: { a: 1 } }),
    ).toMatchObject([
      [
        {
          mapper: 'default',
          results: [
            {
              publish: {
                target: { address: 'out/pump', qos: 1, targetIndex: 0 },
                message: {
                  headers: { id: 'org.acme:pump' },
                  text: expect.stringContaining('"extra":{"attributes":{"a":1}}'),
                },
              },
            },
          ],
        },
      ],
    ]);
  });

  test.each([
    ['a mapper gives nothing', { payloadMapping: ['ConnectionStatus2'] }, { dropped: 'mapper' }],
    [
      'the address does not resolve',
      { address: 'a/{{ header:none }}' },
      { dropped: 'addressUnresolved', detail: 'a/{{ header:none }}' },
    ],
    [
      'the header mapping fails',
      { headerMapping: { a: '{{ none:x }}' } },
      { error: { code: 'placeholder:unresolved' } },
    ],
  ])('publishes nothing where %s', (_what, change, result) => {
    const mappingDefinitions = {
      ConnectionStatus2: { mappingEngine: 'ConnectionStatus', options: { thingId: 'a:b' } },
    };
    const compiled = compile({ targets: [{ ...TARGET, ...change }], mappingDefinitions });
    expect(outbound(compiled, event())).toMatchObject([[{ results: [result] }]]);
  });

  test('sends answers with the mapper that read the question, or the default one', () => {
    const replyTarget = { address: 'reply/{{ header:room }}' };
    const compiled = compile({ sources: [{ ...SOURCE, replyTarget }] });
    const answer = signalFromAdaptable(parseAdaptable({ ...modify('pump', { room: 'r' }), status: 201 }));
    const reply = (mapper: string) =>
      compiled.replyTargets.get(0)?.mapOutbound({
        ...answer,
        headers: withHeaders(answer.headers, { 'ditto-inbound-payload-mapper': mapper }),
      });
    expect(reply('CloudEvents')).toMatchObject([
      { mapper: 'CloudEvents', results: [{ publish: { target: { address: 'reply/r', targetIndex: -1 } } }] },
    ]);
    expect(reply('gone')).toMatchObject([{ mapper: 'default' }]);
  });

  test('has no reply target where it is switched off', () => {
    const off = { ...SOURCE, replyTarget: { address: 'x', enabled: false } };
    expect(compile({ sources: [off] }).replyTargets.size).toBe(0);
  });
});

describe('a connection that is wrong', () => {
  const wrong = (topic: string) => () => compile({ targets: [{ ...TARGET, topics: [topic] }] });

  test.each([
    ['a filter', wrong('_/_/things/twin/events?filter=eq(foo)'), 'rql.expression.invalid'],
    [
      'the options of a mapper',
      () =>
        compile({
          targets: [TARGET],
          mappingDefinitions: {
            i: { mappingEngine: 'ImplicitThingCreation', options: { thing: { thingId: 'x' } } },
          },
        }),
      'things:id.invalid',
    ],
  ])('in %s is found when it is compiled', (_what, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });
});
