import {
  adaptableToJson,
  builtInEngines,
  compileMapper,
  createMapperRegistry,
  isDittoError,
  type JsonObject,
  javaScriptEngine,
  type MapperResult,
} from '@hawser/core';
import { silentLog } from '@hawser/testkit';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createScriptEngine } from '../src/scripts/scriptEngine.ts';

const LIMIT_MS = 500;
const engine = createScriptEngine({ maxExecutionTimeMs: LIMIT_MS, maxThreads: 4 }, silentLog);
afterAll(() => engine.close());

const LATE = `Maximum execution time of <${LIMIT_MS}>ms was exceeded.`;

/** A mapper that does `attack` when it is told to, and otherwise gives the text as a value. */
function mapperFor(attack: string) {
  const incomingScript = `
    const ok = (value) => Ditto.buildDittoProtocolMsg('a', 'b', 'things', 'twin', 'commands', 'modify', '/attributes/x', {}, value);
    function mapToDittoProtocolMsg(headers, text, bytes, contentType) {
      if (text !== 'attack') return ok([text, typeof JSON.parse, '' + {}, Object.keys(headers)]);
      ${attack}
    }`;
  const definition = {
    mappingEngine: 'JavaScript',
    options: { incomingScript },
    incomingConditions: {},
    outgoingConditions: {},
  };
  const world = { now: () => 0, newId: () => 'id' };
  const registry = createMapperRegistry(
    { js: definition },
    [...builtInEngines, javaScriptEngine(engine)],
    world,
  );
  const [configured] = registry.resolve(['js']);
  if (configured === undefined) throw new Error('no mapper');
  const mapper = compileMapper(configured, { maxMappedInboundMessages: 10, maxMappedOutboundMessages: 10 });
  return {
    map: async (text: string): Promise<readonly JsonObject[] | string> =>
      shown(await mapper.runInbound({ headers: { h: '1' }, text }, {})),
    close: () => registry.close(),
  };
}

/** Messages, or why there are none. */
function shown(result: MapperResult<Parameters<typeof adaptableToJson>[0]>): readonly JsonObject[] | string {
  if (result.outcome === 'mapped') return result.messages.map(adaptableToJson);
  if (result.outcome === 'dropped') return result.reason;
  expect(isDittoError(result.error)).toBe(true);
  expect(result.error.code).toBe('connectivity:message.mapping.failed');
  return result.error.description ?? '';
}

const message = (value: JsonObject[string]): JsonObject => ({
  topic: 'a/b/things/twin/commands/modify',
  headers: {},
  path: '/attributes/x',
  value,
});
const normal = [message(['next', 'function', '[object Object]', ['h']])];

/** What the attack came to; the next message must be mapped as if nothing had been. */
async function attempt(attack: string): Promise<readonly JsonObject[] | string> {
  const mapper = mapperFor(attack);
  try {
    const outcome = await mapper.map('attack');
    expect(await mapper.map('next')).toEqual(normal);
    return outcome;
  } finally {
    mapper.close();
  }
}

describe('nothing of the host can be reached', () => {
  test.each([
    ['a chain of constructors', "this.constructor.constructor('return typeof process')()"],
    ['the constructor of an array', "[].constructor.constructor('return typeof require')()"],
    ['the constructor of async functions', "typeof (async () => 1).constructor('return process')().x"],
    ['the constructor of generators', "(function* () {}).constructor('yield typeof process')().next().value"],
    ['the constructor of what the host gave', "headers.constructor.constructor('return typeof process')()"],
    ['the constructor of a helper', "Ditto.buildExternalMsg.constructor('return typeof process')()"],
    ['the global object', 'typeof globalThis.process'],
    ['indirect eval', "(0, eval)('typeof require')"],
    ['require', 'typeof require'],
    ['modules', 'typeof module'],
    ['WebAssembly', 'typeof WebAssembly'],
    ['timers', 'typeof setTimeout'],
    ['the console', 'typeof console'],
    ['the network', 'typeof fetch'],
    ["Node's buffers", 'typeof Buffer'],
    ["V8's stack frames", 'typeof Error.captureStackTrace'],
    ["Java's packages", 'typeof Packages'],
    ['Java', 'typeof java'],
  ])('%s', async (_name, expression) => {
    expect(await attempt(`return ok(${expression});`)).toEqual([message('undefined')]);
  });

  test.each([
    ['a dynamic import', "return import('fs');"],
    ['an import inside of eval', `return eval("import fs from 'fs'");`],
    ['an import of a file', "return import('/etc/passwd');"],
  ])('%s', async (_name, attack) => {
    expect(typeof (await attempt(attack))).toBe('string');
  });

  test('stack frames through prepareStackTrace', async () => {
    const attack = "Error.prepareStackTrace = (e, frames) => frames; return ok(typeof new Error('x').stack);";
    expect([[message('string')], [message('object')]]).toContainEqual(await attempt(attack));
  });
});

describe('what scripts build on stays as it is', () => {
  test.each([
    ['a new member of Object.prototype', 'Object.prototype.polluted = 1; return ok(typeof {}.polluted);'],
    ['a new member through a message', 'headers.__proto__.polluted = 1; return ok(typeof {}.polluted);'],
    [
      'a new member through a constructor',
      'ok.constructor.prototype.__proto__.polluted = 1; return ok(typeof {}.polluted);',
    ],
    ['JSON replaced', 'JSON = { parse: null, stringify: () => "[]" }; return ok(typeof {}.polluted);'],
    [
      'a function of JSON replaced',
      'JSON.stringify = () => "[]"; JSON.parse = 1; return ok(typeof {}.polluted);',
    ],
    ['Ditto replaced', 'Ditto = null; return ok(typeof {}.polluted);'],
    ['a helper replaced', 'Ditto.buildDittoProtocolMsg = () => null; return ok(typeof {}.polluted);'],
    [
      'a member of Object.prototype replaced',
      'Object.prototype.toString = () => "x"; return ok(typeof {}.polluted);',
    ],
    [
      'a member of Object.prototype deleted',
      'delete Object.prototype.toString; return ok(typeof {}.polluted);',
    ],
  ])('%s', async (_name, attack) => {
    expect(await attempt(attack)).toEqual([message('undefined')]);
    expect(({} as JsonObject)['polluted']).toBeUndefined();
  });

  test.each([
    ['another prototype of Object.prototype', 'Object.setPrototypeOf(Object.prototype, { x: 1 });'],
    ['a property defined on JSON', "Object.defineProperty(JSON, 'parse', { value: 1 });"],
    ['a property defined on Ditto', "Object.defineProperty(Ditto, 'x', { value: 1 });"],
    ['a property defined on Object.prototype', "Object.defineProperty(Object.prototype, 'x', { value: 1 });"],
  ])('%s', async (_name, attack) => {
    expect(await attempt(attack)).toContain('TypeError');
  });

  test('a result with a member __proto__ is data', async () => {
    const [mapped] = await attempt('return ok(JSON.parse(\'{"__proto__":{"polluted":1}}\'));');
    expect(Object.keys((mapped as JsonObject)['value'] as JsonObject)).toEqual(['__proto__']);
    expect(({} as JsonObject)['polluted']).toBeUndefined();
  });

  test('an object of a script may have a member of the same name', async () => {
    const attack =
      'const o = {}; o.toString = () => "own"; function F() {} F.prototype.valueOf = () => 7; return ok(String(o) + +new F());';
    expect(await attempt(attack)).toEqual([message('own7')]);
  });

  test('variables of a script live on between messages', async () => {
    const mapper = mapperFor('globalThis.n = (globalThis.n ?? 0) + 1; return ok(n);');
    expect(await mapper.map('attack')).toEqual([message(1)]);
    expect(await mapper.map('attack')).toEqual([message(2)]);
    mapper.close();
  });

  test('built-ins that a script spoils are its own loss: what goes over is still checked', async () => {
    const attack = 'Array.prototype.toJSON = () => ({ topic: 5 }); return [ok(1)];';
    const mapper = mapperFor(attack);
    expect(await mapper.map('attack')).toEqual([message(1)]);
    mapper.close();
    expect(await mapperFor('return null;').map('next')).toEqual(normal);
  });
});

describe('what does not end is ended', () => {
  test.each([
    ['a loop', 'for (;;) {}'],
    ['a loop in a promise', 'Promise.resolve().then(() => { for (;;) {} }); return ok(1);'],
    ['a loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }'],
    ['backtracking', `return /(a+)+$/.test('a'.repeat(40) + 'b');`],
    ['a getter of the result', 'return { get topic() { for (;;) {} } };'],
    ['toJSON of the result', 'return { toJSON() { for (;;) {} } };'],
    ['a trap of a proxy', 'return new Proxy({}, { ownKeys() { for (;;) {} } });'],
    ['a comparator', 'return [3, 2, 1].sort(() => { for (;;) {} });'],
    ['a generator', 'for (const x of (function* () { for (;;) yield 1; })()) {}'],
    ['a message of an error', 'throw { get message() { for (;;) {} } };'],
    ['toString of what is thrown', 'throw { message: { toString() { for (;;) {} } } };'],
  ])('%s', async (_name, attack) => {
    expect(await attempt(attack)).toBe(LATE);
  });

  /** Built-ins that do not look at the clock; each would go on for seconds to years. */
  test.each([
    ['join', "new Array(2 ** 28).join('abc')"],
    ['toString', 'new Array(2 ** 32 - 1).toString()'],
    ['indexOf', 'new Array(2 ** 32 - 1).indexOf(1)'],
    ['includes', 'new Array(2 ** 32 - 1).includes(1)'],
    ['lastIndexOf', 'new Array(2 ** 32 - 1).lastIndexOf(1)'],
    ['reverse', 'new Array(2 ** 32 - 1).reverse()'],
    ['concat', 'new Array(2 ** 31).concat(new Array(2 ** 31 - 1))'],
    ['slice', 'new Array(2 ** 32 - 1).slice(1)'],
    ['splice', 'new Array(2 ** 32 - 1).splice(0, 2 ** 31)'],
    ['flat', 'new Array(2 ** 32 - 1).flat()'],
    ['forEach', 'new Array(2 ** 32 - 1).forEach(() => 1)'],
    ['some', 'new Array(2 ** 32 - 1).some(() => 1)'],
    ['copyWithin of an array-like', '[].copyWithin.call({ length: 2 ** 50 }, 0, 2 ** 49)'],
    ['unshift of an array-like', '[].unshift.call({ length: 2 ** 50 }, 1)'],
    ['indexOf of an array-like', '[].indexOf.call({ length: 2 ** 50 }, 1)'],
  ])('%s', async (_name, expression) => {
    expect(await attempt(`return ok(typeof ${expression});`)).toBe(LATE);
  });

  test('a chain of promises without end', async () => {
    const attack = 'const f = () => Promise.resolve().then(f); f(); return ok(1);';
    expect(await attempt(attack)).toEqual([message(1)]);
  });
});

describe('memory and stack', () => {
  test.each([
    ['a string of more than half of it', "return ok('x'.repeat(9 * 1024 * 1024));"],
    ['a huge string', "return ok(''.padEnd(2 ** 29));"],
    ['a huge buffer', 'return ok(new Uint8Array(2 ** 30).length);'],
    ['doublings', "let s = 'x'; for (let i = 0; i < 40; i++) s += s; return ok(s);"],
    ['buffers', 'const all = []; for (;;) all.push(new ArrayBuffer(100000));'],
    ['objects', 'const all = []; for (;;) all.push({});'],
    ['a map', 'const all = new Map(); for (let i = 0; ; i++) all.set(i, [i]);'],
    ['closures', 'let f = () => 1; for (;;) { const g = f; f = () => g; }'],
    ['a big integer', 'return ok(String(2n ** (2n ** 40n)));'],
    ['a result of 50 MB', "return ok(Array.from({ length: 50 }, () => 'x'.repeat(1024 * 1024)));"],
    ['a regular expression', "return ok(new RegExp('(a{1,1000}){1,1000}'.repeat(100)).test('b'));"],
  ])('%s', async (_name, attack) => {
    const outcome = await attempt(attack);
    expect(outcome === LATE || /Error/.test(String(outcome)) || Array.isArray(outcome)).toBe(true);
  });

  test.each([
    ['recursion', 'const f = () => f() + 1; return ok(f());'],
    ['recursion in a getter', 'const o = { get x() { return this.x; } }; return ok(o.x);'],
    ['recursion in toString', 'const o = { toString() { return String(o); } }; return ok(String(o));'],
    ['recursion in eval', "const f = () => eval('f()'); return ok(f());"],
    ['a deep text read', "return ok(JSON.parse('['.repeat(50000) + ']'.repeat(50000)));"],
    ['a deep result', 'let v = 1; for (let i = 0; i < 50000; i++) v = [v]; return ok(v);'],
    ['a deep regular expression', "return ok(new RegExp('('.repeat(50000) + ')'.repeat(50000)).test('x'));"],
  ])('%s', async (_name, attack) => {
    expect(await attempt(attack)).toMatch(/Error|Maximum execution time/);
  });

  test('a result too deep for others', async () => {
    expect(
      String(await attempt('let v = 1; for (let i = 0; i < 400; i++) v = [v]; return ok(v);')),
    ).toContain('nested deeper than 200 levels');
  });
});

describe('what is thrown and returned', () => {
  test.each([
    ['null', 'throw null;', 'InternalError: null was thrown, as by the engine where it has no memory left'],
    ['undefined', 'throw undefined;', 'undefined'],
    ['a symbol', "throw Symbol('s');", 'a symbol'],
    ['an error whose message throws', 'throw { get message() { throw 1; } };', ''],
    ['a proxy that refuses', 'throw new Proxy({}, { get() { throw 1; } });', 'Error'],
    ['a function', 'throw () => 1;', ''],
    [
      'a getter of the result that throws',
      "return { get topic() { throw new Error('boom'); } };",
      'Error: boom',
    ],
    ['a cyclic result', 'const o = {}; o.o = o; return o;', 'TypeError'],
    ['a function as result', 'return () => 1;', 'TypeError'],
    ['nothing', 'return;', 'TypeError'],
    ['a promise', 'return Promise.resolve(ok(1));', 'JSON did not include required </topic> field!'],
    ['a wrong topic', "return { topic: 'x', path: '/' };", "The topic path 'x' is not supported."],
    [
      '10,001 messages',
      'return Array.from({ length: 10001 }, () => ok(1));',
      "The payload mapping 'js' produced 10001 messages, which exceeds the limit of 10.",
    ],
  ])('%s', async (_name, attack, part) => {
    expect(await attempt(attack)).toContain(part);
  });

  test('an error with a message of 10 MB is cut', async () => {
    const outcome = await attempt("throw new Error('x'.repeat(5 * 1024 * 1024));");
    expect(outcome.length).toBeGreaterThan(1000);
    expect(outcome.length).toBeLessThan(3000);
  });

  test('a promise that is rejected and never looked at', async () => {
    expect(await attempt("Promise.reject(new Error('x')); return ok(1);")).toEqual([message(1)]);
  });

  test('another namespace is no business of the mapper: authorization comes after it', async () => {
    const attack =
      "return Ditto.buildDittoProtocolMsg('other', 'b', 'things', 'twin', 'commands', 'delete', '/', {});";
    expect(await attempt(attack)).toMatchObject([{ topic: 'other/b/things/twin/commands/delete' }]);
  });
});

test('the host does not grow over 1,000 repetitions', async () => {
  const attacks = [
    "throw new Error('x');",
    'const f = () => f(); f();',
    'return ok(new Uint8Array(2 ** 30));',
    'Object.prototype.x = 1; return ok(1);',
    'const f = () => Promise.resolve().then(f); f(); return ok(1);',
    "return ok('x'.repeat(100000));",
  ];
  const mappers = attacks.map(mapperFor);
  const rounds = Math.ceil(1000 / attacks.length);
  let warm = 0;
  for (let round = 0; round < rounds; round++) {
    for (const mapper of mappers) await mapper.map('attack');
    if (round === Math.floor(rounds / 4)) warm = process.memoryUsage().rss;
  }
  expect(process.memoryUsage().rss - warm).toBeLessThan(64 * 1024 * 1024);
  expect(engine.threads).toBeLessThanOrEqual(4);
  for (const mapper of mappers) {
    expect(await mapper.map('next')).toEqual(normal);
    mapper.close();
  }
}, 30_000);
