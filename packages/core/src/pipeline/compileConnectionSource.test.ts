import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import type { MapperEngine } from '../mapping/mapperEngine.ts';
import { builtInEngines } from '../mapping/mapperEngines.ts';
import { parseConnection } from '../model/parseConnection.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { compileConnection } from './compileConnection.ts';
import type { CompiledConnection, InboundOutcome } from './compiledConnection.ts';
import { defaultPipelineLimits } from './pipelineEnvironment.ts';

/** Makes as many commands of one message as its header `count` says; later, when it is told to. */
const fanOut = (isLate: boolean): MapperEngine => ({
  alias: 'FanOut',
  needsDefinition: false,
  defaultOptions: {},
  create: () => ({
    mapInbound({ headers }) {
      const made = Array.from({ length: Number(headers['count']) }, (_, i) =>
        parseAdaptable(modify(`t${i}`)),
      );
      return isLate ? Promise.resolve(made) : made;
    },
    mapOutbound: () => [],
  }),
});

function compile(json: JsonObject, engines: readonly MapperEngine[] = []): CompiledConnection {
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
    engines: [...builtInEngines, ...engines],
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
const ORIGIN = { sourceIndex: 0, configuredAddress: 'in', address: 'in/org.acme:pump' };
const message = (json: JsonObject, headers: Readonly<Record<string, string>> = {}): ExternalMessage => ({
  headers,
  text: JSON.stringify(json),
});

const inbound = (source: JsonObject, received: ExternalMessage) =>
  compile({ sources: [{ ...SOURCE, ...source }] }, [fanOut(false)])
    .sources.get(0)
    ?.mapInbound(received, ORIGIN) as readonly InboundOutcome[];

describe('inbound, a compiled connection', () => {
  test('gives a signal with everything that its source says about it', () => {
    const source = {
      authorizationContext: ['s:{{ header:device }}'],
      enforcement: { input: '{{ source:address }}', filters: ['in/{{ thing:id }}'] },
      headerMapping: { place: '{{ header:room }}', thing: '{{ thing:name }}' },
      acknowledgementRequests: { includes: ['my:ack'] },
      replyTarget: { address: 'out', expectedResponseTypes: ['response'] },
    };
    const outcomes = inbound(source, message(modify('pump'), { device: 'd', room: 'r' }));
    expect(outcomes).toMatchObject([
      {
        mapper: 'default',
        outcome: 'mapped',
        signals: [
          {
            signal: {
              type: 'things.commands:modifyAttribute',
              entityId: 'org.acme:pump',
              headers: {
                place: 'r',
                thing: 'pump',
                'correlation-id': 'new-id',
                'requested-acks': '["my:ack"]',
                'ditto-origin': 'conn-1',
                'ditto-reply-target': '0',
                'ditto-expected-response-types': '["response"]',
                'ditto-inbound-payload-mapper': 'default',
                'ditto-auth-context': expect.stringContaining('"s:d"'),
              },
            },
          },
        ],
      },
    ]);
  });

  const signalErrors = (source: JsonObject, headers: Readonly<Record<string, string>> = {}) =>
    inbound(source, message(modify('pump'), headers))[0]?.signals.map((each) =>
      'error' in each ? { stage: each.stage, code: each.error.code } : each,
    );

  test.each([
    ['authorization', 'placeholder:unresolved', { authorizationContext: ['{{ header:none }}'] }],
    ['headerMapping', 'timeout.invalid', { headerMapping: { timeout: 'never' } }],
    [
      'enforcement',
      'connectivity:connection.id.enforcement.failed',
      { enforcement: { input: '{{ source:address }}', filters: ['x/{{ thing:id }}'] } },
    ],
  ])('tells that a signal failed in %s', (stage, code, source) => {
    expect(signalErrors(source)).toEqual([{ stage, code }]);
  });

  test('refuses a message whose input for enforcement does not resolve, before any mapper', () => {
    const enforcement = { input: '{{ header:device }}', filters: ['{{ thing:id }}'] };
    expect(inbound({ enforcement }, message(modify('pump')))).toMatchObject([
      { mapper: '?', outcome: 'failed', error: { code: 'placeholder:unresolved' } },
    ]);
  });

  test('asks every mapper, each with an outcome of its own', () => {
    const payloadMapping = ['Ditto', 'Normalized', 'FanOut', 'none'];
    const outcomes = inbound({ payloadMapping }, { headers: { count: '2' }, text: 'no JSON' });
    expect(outcomes.map(({ mapper, outcome, signals }) => [mapper, outcome, signals.length])).toEqual([
      ['Ditto', 'failed', 0],
      ['Normalized', 'dropped', 0],
      ['FanOut', 'mapped', 2],
      ['default', 'failed', 0],
    ]);
  });

  test('checks each signal of a message against the enforcement on its own', () => {
    const enforcement = { input: 'org.acme:t1', filters: ['{{ thing:id }}'] };
    const [outcome] = inbound({ enforcement, payloadMapping: ['FanOut'] }, { headers: { count: '3' } });
    expect(outcome?.signals.map((each) => 'signal' in each)).toEqual([false, true, false]);
  });

  test('takes no more messages from a mapper than the limit, and no headers without end', () => {
    const [outcome] = inbound({ payloadMapping: ['FanOut'] }, { headers: { count: '11' } });
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: { code: 'connectivity:message.mapping.failed' },
    });
    const [large] = inbound({}, message(modify('pump', { x: 'y'.repeat(5000) })));
    expect(large).toMatchObject({ outcome: 'failed', error: { code: 'headers.too.large' } });
  });

  test('waits for a mapper that takes its time, and answers in the order of the mappers', async () => {
    const compiled = compile({ sources: [{ ...SOURCE, payloadMapping: ['FanOut', 'Ditto'] }] }, [
      fanOut(true),
    ]);
    const outcomes = compiled.sources.get(0)?.mapInbound({ headers: { count: '1' } }, ORIGIN);
    expect(outcomes).toBeInstanceOf(Promise);
    expect((await outcomes)?.map(({ outcome }) => outcome)).toEqual(['mapped', 'failed']);
  });
});
