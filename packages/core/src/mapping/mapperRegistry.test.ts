import { describe, expect, test } from '@jest/globals';
import type { MappingContext } from '../model/connection.ts';
import type { ScriptEngine } from '../ports/scriptEngine.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { javaScriptEngine } from './javaScriptEngine.ts';
import { builtInEngines } from './mapperEngines.ts';
import { createMapperRegistry } from './mapperRegistry.ts';
import { compileMapper, type MapperLimits } from './runMapper.ts';

const environment = { now: () => 0, newId: () => 'id' };
const define = (mappingEngine: string, more: Partial<MappingContext> = {}): MappingContext => ({
  mappingEngine,
  options: {},
  incomingConditions: {},
  outgoingConditions: {},
  ...more,
});
const registryOf = (definitions: Readonly<Record<string, MappingContext>>, engines = builtInEngines) =>
  createMapperRegistry(definitions, engines, environment);
const idsOf = (definitions: Readonly<Record<string, MappingContext>>, ...ids: string[]) =>
  registryOf(definitions)
    .resolve(ids)
    .map(({ id }) => id);

describe('the mappers of a connection', () => {
  test('are the default one when none is named', () => {
    expect(idsOf({})).toEqual(['default']);
  });

  test('are those named, in order and as often as they are named', () => {
    expect(idsOf({ a: define('Normalized') }, 'a', 'Ditto', 'a')).toEqual(['a', 'Ditto', 'a']);
  });

  test.each(['no-such', 'toString', '__proto__', 'ConnectionStatus', 'JavaScript'])(
    'fall back to the default one for the name %s, for which there is none',
    (name) => {
      expect(idsOf({}, name)).toEqual(['default']);
    },
  );

  test('leave out definitions that are of no use, and say why', () => {
    const { leftOut, known } = registryOf({ a: define('ConnectionStatus'), b: define('NoEngine') });
    expect(String(leftOut.get('a'))).toContain("property 'thingId' was missing");
    expect(String(leftOut.get('b'))).toContain('<NoEngine>');
    expect(known.has('a')).toBe(false);
  });

  test('come from a definition first and from an engine of that name then', () => {
    const mappers = registryOf({ Ditto: define('RawMessage') }).resolve(['Ditto']);
    expect(mappers[0]?.mapper.mapOutbound(messageSignal)).toMatchObject([{ text: 'x' }]);
  });

  test('cannot be made of options that are plainly wrong', () => {
    const options = { thing: { thingId: 'nope' } };
    expect(() => registryOf({ a: define('ImplicitThingCreation', { options }) })).toThrow(
      "Thing ID 'nope' is not valid!",
    );
  });

  test('run scripts with the engine that is plugged in', () => {
    const seen: unknown[] = [];
    const scripts: ScriptEngine = {
      createMapper(options) {
        seen.push(options);
        return { mapInbound: () => [], mapOutbound: () => [] };
      },
    };
    const js = define('JavaScript', { options: { incomingScript: 'f()', loadLongJS: 'true' } });
    const registry = registryOf({ js }, [...builtInEngines, javaScriptEngine(scripts)]);
    expect(registry.resolve(['js'])[0]?.id).toBe('js');
    expect(seen).toEqual([
      { incomingScript: 'f()', outgoingScript: '', loadBytebufferJS: false, loadLongJS: true },
    ]);
  });
});

const messageSignal = parseAdaptable({
  topic: 'a/b/things/live/messages/s',
  headers: { 'content-type': 'text/plain' },
  path: '/inbox/messages/s',
  value: 'x',
});

const protocolText = '{"topic":"a/b/things/twin/commands/delete","path":"/"}';
const limits: MapperLimits = { maxMappedInboundMessages: 2, maxMappedOutboundMessages: 1 };

function run(definition: MappingContext, headers: Readonly<Record<string, string>>) {
  const [configured] = registryOf({ m: definition }).resolve(['m']);
  if (configured === undefined) throw new Error('no mapper');
  return compileMapper(configured, limits).runInbound({ headers, text: protocolText }, { headers });
}

describe('around each mapper', () => {
  test('messages of blocked content types are dropped, compared as they are written', () => {
    const definition = define('Ditto', { options: { 'content-type-blocklist': 'x/y, x/z,X/A' } });
    const outcomeOf = (type: string) => run(definition, { 'content-type': type });
    expect(outcomeOf('x/y')).toEqual({ outcome: 'dropped', reason: 'content-type blocked' });
    expect(outcomeOf('X/A')).toMatchObject({ outcome: 'dropped' });
    expect(outcomeOf('x/z')).toMatchObject({ outcome: 'mapped' });
    expect(outcomeOf('x/a')).toMatchObject({ outcome: 'mapped' });
    expect(
      run(define('Ditto'), { 'content-type': 'application/vnd.eclipse-hono-empty-notification' }),
    ).toMatchObject({ outcome: 'dropped' });
  });

  test('messages that do not meet a condition are dropped', () => {
    const definition = define('Ditto', { incomingConditions: { c: "fn:filter(header:a,'eq','1')" } });
    expect(run(definition, { a: '1' })).toMatchObject({ outcome: 'mapped' });
    expect(run(definition, { a: '2' })).toEqual({
      outcome: 'dropped',
      reason: 'incoming conditions not met',
    });
  });

  const fake = (count: number, isLate: boolean) => {
    const mapped = Array.from({ length: count }, () => messageSignal);
    const mapper = {
      mapInbound: () => (isLate ? Promise.resolve(mapped) : mapped),
      mapOutbound: () => [],
    };
    return compileMapper(
      { id: 'm', mapper, contentTypeBlocklist: new Set(), incomingConditions: [], outgoingConditions: [] },
      limits,
    ).runInbound({ headers: {} }, {});
  };

  test.each([false, true])('the number of messages made of one is limited (later: %s)', async (isLate) => {
    await expect(Promise.resolve(fake(2, isLate))).resolves.toMatchObject({ outcome: 'mapped' });
    await expect(Promise.resolve(fake(3, isLate))).resolves.toMatchObject({
      outcome: 'failed',
      error: { description: "The payload mapping 'm' produced 3 messages, which exceeds the limit of 2." },
    });
    await expect(Promise.resolve(fake(0, isLate))).resolves.toMatchObject({ outcome: 'dropped' });
  });

  test('a failure that is none of ours is named, with the direction and the mapper', () => {
    const mapper = {
      mapInbound: () => {
        throw new TypeError('x is not a function');
      },
      mapOutbound: () => [],
    };
    const configured = {
      id: 'm',
      mapper,
      contentTypeBlocklist: new Set<string>(),
      incomingConditions: [],
      outgoingConditions: [],
    };
    expect(
      compileMapper(configured, limits).runInbound({ headers: { 'content-type': 'x/y' } }, {}),
    ).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'connectivity:message.mapping.failed',
        message: "The external message with content-type 'x/y' could not be mapped.",
        description:
          "Could not map inbound message with mapper 'm' due to unknown problem: TypeError x is not a function",
      },
    });
  });
});
