// The JavaScript mapper under load, the hop to its thread included, against quickjs called on one thread with the same script;
// and what one mapper whose script never ends does to another.
import { createRequire } from 'node:module';
import { silentLog } from '@hawser/core';
import { createScriptEngine } from '@hawser/service/scripts';

const { newQuickJSWASMModule, RELEASE_SYNC } = createRequire(import.meta.resolve('@hawser/service/scripts'))(
  'quickjs-emscripten',
);

const script = `function mapToDittoProtocolMsg(headers, text) {
  const j = JSON.parse(text);
  return Ditto.buildDittoProtocolMsg('org.acme', j.id, 'things', 'twin', 'commands', 'modify',
    '/features/' + j.f + '/properties/v', { 'correlation-id': headers.cid }, { v: j.v * 2, u: headers.unit || 'C' });
}`;
const message = {
  headers: { cid: 'c1', unit: 'F', 'content-type': 'application/json' },
  text: JSON.stringify({ id: 't1', f: 'temp', v: 21.5, pad: 'x'.repeat(120) }),
};
const IN_FLIGHT = 64;
const scripts = (incomingScript) => ({
  incomingScript,
  outgoingScript: '',
  loadBytebufferJS: false,
  loadLongJS: false,
});

/** Speed of the mapper in that of quickjs alone, each over `ms`, `runs` times. */
export async function scriptRatios(runs, ms) {
  const engine = createScriptEngine({}, silentLog);
  const mapper = engine.createMapper(scripts(script));
  const bare = await bareQuickjs();
  await mapperRate(mapper, ms);
  bareRate(bare, ms);
  const ratios = [];
  for (let run = 0; run < runs; run++) ratios.push((await mapperRate(mapper, ms)) / bareRate(bare, ms));
  await engine.close();
  return ratios;
}

/** 99th percentile of the time of a message beside a mapper whose script never ends, in that of alone; `runs` times in turn. */
export async function scriptLatencyRatios(runs, ms) {
  const engine = createScriptEngine({}, silentLog);
  const mapper = engine.createMapper(scripts(script));
  const endless = engine.createMapper(scripts('function mapToDittoProtocolMsg() { for (;;) {} }'));
  await latency(mapper, ms);
  const ratios = [];
  for (let run = 0; run < runs; run++) {
    const alone = await latency(mapper, ms);
    let isOver = false;
    const misbehaving = (async () => {
      while (!isOver) await endless.mapInbound(message, {}).catch(() => undefined);
    })();
    ratios.push((await latency(mapper, ms)) / alone);
    isOver = true;
    await misbehaving;
  }
  await engine.close();
  return ratios;
}

async function mapperRate(mapper, ms) {
  const start = performance.now();
  let count = 0;
  const work = async () => {
    while (performance.now() - start < ms) {
      await mapper.mapInbound(message, {});
      count++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return count / (performance.now() - start);
}

/** Messages at a pace that leaves the thread idle now and then. */
async function latency(mapper, ms) {
  const times = [];
  const start = performance.now();
  while (performance.now() - start < ms) {
    const sent = performance.now();
    await mapper.mapInbound(message, {});
    times.push(performance.now() - sent);
    await new Promise((resolve) => setImmediate(resolve));
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)];
}

function bareRate(call, ms) {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < ms) {
    for (let i = 0; i < 200; i++) call();
    count += 200;
  }
  return count / (performance.now() - start);
}

/** The least that an embedder does: texts in, text out, a deadline. */
async function bareQuickjs() {
  const module = await newQuickJSWASMModule(RELEASE_SYNC);
  const runtime = module.newRuntime();
  runtime.setMemoryLimit(16 << 20);
  runtime.setMaxStackSize(200 * 1024);
  let deadline = Infinity;
  runtime.setInterruptHandler(() => performance.now() > deadline);
  const context = runtime.newContext();
  const helper = `const Ditto = { buildDittoProtocolMsg: (ns, name, group, channel, criterion, action, path, headers, value) =>
    ({ topic: ns + '/' + name + '/' + group + '/' + channel + '/' + criterion + '/' + action, path, headers, value }) };`;
  const run = 'function run(h, t) { return JSON.stringify(mapToDittoProtocolMsg(JSON.parse(h), t)); }';
  context.unwrapResult(context.evalCode(`${helper}\n${script}\n${run}`)).dispose();
  const fn = context.getProp(context.global, 'run');
  return () => {
    deadline = performance.now() + 500;
    const headers = context.newString(JSON.stringify(message.headers));
    const text = context.newString(message.text);
    const result = context.unwrapResult(context.callFunction(fn, context.undefined, headers, text));
    headers.dispose();
    text.dispose();
    const json = context.getString(result);
    result.dispose();
    return JSON.parse(json);
  };
}
