import { describe, expect, test } from '@jest/globals';
import type { BoxOptions, ScriptInput, ScriptOutput } from './scriptCall.ts';
import { ScriptLane } from './scriptLane.ts';
import type { Errand, ScriptThread } from './scriptThread.ts';
import type { Order, Result } from './workerOrders.ts';

const box: BoxOptions = {
  scripts: { incomingScript: 'x', outgoingScript: '', loadBytebufferJS: false, loadLongJS: false },
  maxExecutionTimeMs: 500,
  stackBytes: 65536,
  maxMemoryBytes: 1 << 20,
  isWatched: false,
};
const input = (text: string): ScriptInput => ({ direction: 'inbound', headers: '{}', text, bytes: null });
const late: ScriptOutput = { failure: { kind: 'time' } };
const run = (lane: ScriptLane, input: ScriptInput): Promise<ScriptOutput | undefined> =>
  new Promise((resolve) => {
    if (!lane.run(input, resolve)) resolve(undefined);
  });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A thread that does what the test says, when it says so. */
class FakeThread {
  readonly orders: Order[] = [];
  errands: Errand[] = [];

  send(orders: readonly Order[], errands: readonly Errand[]): void {
    this.orders.push(...orders);
    this.errands.push(...errands);
  }

  tell(order: Order): void {
    this.orders.push(order);
  }

  /** Gives results to as many errands, in order. */
  give(...results: Result[]): void {
    const errands = this.errands.splice(0, results.length);
    for (const [index, errand] of errands.entries()) errand.finished(results[index] ?? null);
  }

  kinds(): string[] {
    return this.orders.splice(0).map((order) => order.do);
  }
}

function setUp(maxQueuedCalls = 10) {
  const thread = new FakeThread();
  const pauses: { readonly delayMs: number; readonly run: () => void }[] = [];
  const events: string[] = [];
  let ids = 0;
  const lane = new ScriptLane({
    id: 1,
    box,
    maxQueuedCalls,
    after: (delayMs, run) => pauses.push({ delayMs, run }),
    nextOrderId: () => ++ids,
    threadFor: () => thread as unknown as ScriptThread,
    misbehaved: () => events.push('misbehaved'),
    released: () => events.push('released'),
  });
  return { lane, thread, pauses, events };
}

describe('messages of one mapper', () => {
  test('go over together, after the scripts are loaded, and come back in order', async () => {
    const { lane, thread } = setUp();
    const outputs = Promise.all(['a', 'b', 'c'].map((text) => run(lane, input(text))));
    await turn();
    expect(thread.kinds()).toEqual(['open', 'load', 'run', 'run', 'run']);
    thread.give({}, '[1]', '[2]', '[3]');
    expect(await outputs).toEqual([{ json: '[1]' }, { json: '[2]' }, { json: '[3]' }]);
  });

  test('beyond those that may wait are turned away', () => {
    const { lane } = setUp(2);
    const taken = ['a', 'b', 'c'].map((text) => lane.run(input(text), () => {}));
    expect(taken).toEqual([true, true, false]);
  });

  test('that waited behind one that was ended are run next, before those that came later', async () => {
    const { lane, thread } = setUp();
    const outputs = [run(lane, input('a')), run(lane, input('b'))];
    await turn();
    thread.kinds();
    outputs.push(run(lane, input('c')));
    thread.give({}, late);
    expect(await outputs[0]).toEqual(late);
    await turn();
    expect(thread.orders).toEqual([]);
    thread.give(null);
    await turn();
    const [resume, first, second] = thread.orders as [Order, Order, Order];
    expect(resume.do).toBe('resume');
    expect([first, second]).toMatchObject([{ input: { text: 'b' } }, { input: { text: 'c' } }]);
    thread.give('[2]', '[3]');
    expect(await Promise.all(outputs.slice(1))).toEqual([{ json: '[2]' }, { json: '[3]' }]);
  });

  test('find the scripts loaded anew when the thread has ended', async () => {
    const { lane, thread } = setUp();
    const first = run(lane, input('a'));
    await turn();
    lane.threadEnded();
    thread.give({}, { failure: { kind: 'broken', error: { name: '', message: 'x', stack: '' } } });
    expect(await first).toMatchObject({ failure: { kind: 'broken' } });
    thread.kinds();
    void run(lane, input('b'));
    await turn();
    expect(thread.kinds()).toEqual(['open', 'load', 'run']);
  });

  test('share the fate of loading when that had to be ended, one at a time', async () => {
    const { lane, thread } = setUp();
    const outputs = [run(lane, input('a')), run(lane, input('b'))];
    await turn();
    lane.threadEnded();
    thread.give(late, null, null);
    expect(await outputs[0]).toEqual(late);
    await turn();
    thread.give({}, '[2]');
    expect(await outputs[1]).toEqual({ json: '[2]' });
  });
});

describe('a script that has to be ended again and again', () => {
  test('waits longer each time, and no more once it has come through', async () => {
    const { lane, thread, pauses, events } = setUp();
    for (let round = 0; round < 4; round++) {
      const output = run(lane, input('a'));
      pauses.at(-1)?.run();
      await turn();
      thread.give(...(round === 0 ? [{}, late] : [late]));
      expect(await output).toEqual(late);
    }
    expect(pauses.map(({ delayMs }) => delayMs)).toEqual([100, 200, 400]);
    expect(events).toEqual(['misbehaved', 'misbehaved', 'misbehaved']);
    const output = run(lane, input('b'));
    await turn();
    expect(thread.errands).toEqual([]);
    pauses.at(-1)?.run();
    await turn();
    thread.give('[1]');
    expect(await output).toEqual({ json: '[1]' });
    const next = run(lane, input('c'));
    await turn();
    thread.give(late);
    expect(await next).toEqual(late);
    expect(pauses).toHaveLength(3);
  });
});

describe('a mapper that is closed', () => {
  test('leaves its thread when the last message is back', async () => {
    const { lane, thread, events } = setUp();
    const output = run(lane, input('a'));
    await turn();
    lane.close();
    expect(events).toEqual([]);
    thread.give({}, '[1]');
    expect(await output).toEqual({ json: '[1]' });
    expect(events).toEqual(['released']);
    expect(thread.kinds()).toEqual(['open', 'load', 'run', 'close']);
  });

  test('takes a thread again when there is another message', async () => {
    const { lane, thread } = setUp();
    void run(lane, input('a'));
    await turn();
    thread.give({}, '[1]');
    lane.close();
    thread.kinds();
    void run(lane, input('b'));
    await turn();
    expect(thread.kinds()).toEqual(['open', 'load', 'run']);
  });

  test('that never had a message has nothing to leave', () => {
    const { lane, events } = setUp();
    lane.close();
    expect(events).toEqual([]);
  });
});
