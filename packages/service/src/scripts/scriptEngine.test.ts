import { isDittoError, type MapperScripts, parseAdaptable, type ScriptRun } from '@hawser/core';
import { silentLog } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createScriptEngine, type ThreadedScriptEngine } from './scriptEngine.ts';
import type { ScriptLimits } from './scriptLimits.ts';

const engines: ThreadedScriptEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

function engineWith(limits: Partial<ScriptLimits> = {}): ThreadedScriptEngine {
  const engine = createScriptEngine(limits, silentLog);
  engines.push(engine);
  return engine;
}

const scripts = (changes: Partial<MapperScripts>): MapperScripts => ({
  incomingScript: '',
  outgoingScript: '',
  loadBytebufferJS: false,
  loadLongJS: false,
  ...changes,
});
const OK =
  "const ok = (v) => Ditto.buildDittoProtocolMsg('a', 'b', 'things', 'twin', 'commands', 'modify', '/attributes/x', {}, v);";
const incoming = (body: string): MapperScripts =>
  scripts({ incomingScript: `${OK} function mapToDittoProtocolMsg(headers, text, bytes) { ${body} }` });
const outgoing = (body: string): MapperScripts =>
  scripts({
    outgoingScript: `function mapFromDittoProtocolMsg(ns, name, group, channel, criterion, action, path, headers, value, status) { ${body} }`,
  });
const text = (value: string) => ({ headers: {}, text: value });
const signal = parseAdaptable({
  topic: 'a/b/things/twin/commands/modify',
  headers: { 'correlation-id': 'c' },
  path: '/attributes/x',
  value: 42,
  status: 204,
});

async function mappedValue(mapped: unknown): Promise<unknown> {
  const [adaptable] = (await mapped) as readonly { readonly value: unknown }[];
  return adaptable?.value;
}

async function refusal(mapped: () => unknown): Promise<string> {
  try {
    await mapped();
  } catch (error) {
    return isDittoError(error) ? `${error.code} ${error.description}` : String(error);
  }
  return 'mapped';
}

describe('messages', () => {
  test('are mapped in the order in which they came, many at a time', async () => {
    const mapper = engineWith().createMapper(
      incoming('globalThis.n = (globalThis.n ?? 0) + 1; return ok(text + n);'),
    );
    const mapped = await Promise.all(
      Array.from({ length: 500 }, (_, i) => mappedValue(mapper.mapInbound(text(`${i}:`), {}))),
    );
    expect(mapped).toEqual(Array.from({ length: 500 }, (_, i) => `${i}:${i + 1}`));
  });

  test('keep characters that are none by themselves, and zero', async () => {
    const mapper = engineWith().createMapper(incoming('return ok([text, text.length]);'));
    for (const sent of ['a\0b', '\ud800x', '😀', ''])
      expect(await mappedValue(mapper.mapInbound(text(sent), {}))).toEqual([sent, sent.length]);
  });

  test('have payloads of bytes both ways', async () => {
    const engine = engineWith();
    const inbound = engine.createMapper(
      incoming('return ok([new DataView(bytes).getUint16(0), bytes.byteLength]);'),
    );
    const bytes = Buffer.from('__\u0001\u0002__').subarray(2, 4);
    expect(await mappedValue(inbound.mapInbound({ headers: {}, bytes }, {}))).toEqual([258, 2]);
    const outbound = engine.createMapper(
      outgoing(
        "return [1, 2].map((n) => Ditto.buildExternalMsg({}, null, new Uint8Array([n, 255]), 'a/b'));",
      ),
    );
    expect(await outbound.mapOutbound(signal)).toEqual([
      { headers: { 'content-type': 'a/b' }, bytes: new Uint8Array([1, 255]) },
      { headers: { 'content-type': 'a/b' }, bytes: new Uint8Array([2, 255]) },
    ]);
  });

  test('get numbers in headers as Ditto writes them: those of the message as they are', async () => {
    const mapper = engineWith().createMapper(
      outgoing(
        "return Ditto.buildExternalMsg({ status, value, zero: 0, five: 5, half: 0.5, big: 1e7, small: 1e-4, list: ['1', 'a', 2.5, { b: true }] }, 't', null, 'a/b');",
      ),
    );
    const [message] = await mapper.mapOutbound(signal);
    expect(message?.headers).toEqual({
      status: '204',
      value: '42',
      zero: '0',
      five: '5.0',
      half: '0.5',
      big: '1.0E7',
      small: '1.0E-4',
      list: '[1,"a",2.5,{"b":true}]',
      'content-type': 'a/b',
    });
  });

  test('may use the syntax of today', async () => {
    const mapper = engineWith().createMapper(
      incoming(
        'class A { #x = text?.length ?? 0; get x() { return this.#x; } } return ok({ ...{ n: new A().x }, b: 2n ** 3n > 7n });',
      ),
    );
    expect(await mappedValue(mapper.mapInbound(text('abc'), {}))).toEqual({ n: 3, b: true });
  });
});

describe('scripts that spoil what their results are made with', () => {
  const spoiltBy = (attack: string) =>
    engineWith().createMapper(
      outgoing(`${attack} return [1, 2].map(() => Ditto.buildExternalMsg({ a: 'b' }, 't', null, 'a/b'));`),
    );

  test('have failed when it is none any more', async () => {
    const mapper = spoiltBy('Array.prototype[Symbol.iterator] = function* () { yield 5; };');
    expect(await refusal(() => mapper.mapOutbound(signal))).toContain('connectivity:message.mapping.failed');
  });

  test('have none when there is nothing left of it', async () => {
    const mapper = spoiltBy(
      "Object.defineProperty(Array.prototype, '0', { get: () => '{\"headers\":5}', set() {} });",
    );
    expect(await mapper.mapOutbound(signal)).toEqual([]);
  });
});

describe('scripts that misbehave', () => {
  test('leave those alone that share their thread from the second time on', async () => {
    const engine = engineWith({ maxExecutionTimeMs: 300, maxThreads: 1 });
    const wild = engine.createMapper(incoming('return ok(new Array(2 ** 28).join("abc"));'));
    const tame = engine.createMapper(incoming('globalThis.n = (globalThis.n ?? 0) + 1; return ok(n);'));
    expect(await mappedValue(tame.mapInbound(text(''), {}))).toBe(1);
    for (let i = 0; i < 2; i++)
      expect(await refusal(() => wild.mapInbound(text(''), {}))).toContain(
        'Maximum execution time of <300>ms',
      );
    expect(engine.threads).toBe(2);
    expect(await mappedValue(tame.mapInbound(text(''), {}))).toBe(1);
    expect(await refusal(() => wild.mapInbound(text(''), {}))).toContain('Maximum execution time of <300>ms');
    expect(await mappedValue(tame.mapInbound(text(''), {}))).toBe(2);
  });

  test('have a thread of their own as long as there are enough', async () => {
    const engine = engineWith({ maxExecutionTimeMs: 300 });
    const wild = engine.createMapper(incoming('return ok(new Array(2 ** 28).join("abc"));'));
    const tame = engine.createMapper(incoming('globalThis.n = (globalThis.n ?? 0) + 1; return ok(n);'));
    expect(await mappedValue(tame.mapInbound(text(''), {}))).toBe(1);
    expect(await refusal(() => wild.mapInbound(text(''), {}))).toContain('Maximum execution time of <300>ms');
    expect(await mappedValue(tame.mapInbound(text(''), {}))).toBe(2);
    expect(engine.threads).toBe(2);
    tame.close?.();
    wild.close?.();
    expect(engine.threads).toBe(1);
  });
});

describe('scripts that are tried out', () => {
  const definition = (incomingScript: string) => ({
    js: {
      mappingEngine: 'JavaScript',
      options: { incomingScript },
      incomingConditions: {},
      outgoingConditions: {},
    },
  });
  const verdict = async (script: string): Promise<string> => {
    const tried = await engineWith({ maxExecutionTimeMs: 300 }).tryOut(definition(script));
    return refusal(() => tried.createMapper(scripts({ incomingScript: script })));
  };

  test.each(['x', 'function (', 'throw 1', 'for (;;) {}', 'new Array(2 ** 28).join("abc")', 'let Ditto'])(
    'are refused when they cannot be loaded: %s',
    async (script) => {
      expect(await verdict(script)).toContain('connectivity:message.mapper.config.failed');
    },
  );

  test('are taken when they can', async () => {
    expect(await verdict('var x = 1;')).toBe('mapped');
  });

  test('are not run when they are too large', async () => {
    expect(await verdict(`${' '.repeat(50_000)}x`)).toContain('connectivity:message.mapper.config.failed');
  });
});

test('whoever looks on sees what a script prints and uses, and where it fails', async () => {
  const runs: ScriptRun[] = [];
  const mapper = engineWith().createMapper(
    scripts({
      incomingScript:
        "function mapToDittoProtocolMsg(h, text) {\n  console.log('got', { text });\n  return text.nope.x;\n}",
    }),
    (run) => runs.push(run),
  );
  expect(await refusal(() => mapper.mapInbound(text('a'), {}))).toContain('TypeError');
  expect(runs).toMatchObject([
    {
      direction: 'inbound',
      console: ['got {"text":"a"}'],
      failure: expect.stringContaining('TypeError'),
      place: { script: 'incomingScript', line: 3 },
    },
  ]);
  expect(runs[0]?.memoryBytes).toBeGreaterThan(1000);
  expect(runs[0]?.timeMs).toBeGreaterThan(0);
});
