import { spawnSync } from 'node:child_process';
import { StoreError } from '@hawser/core';
import { FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import * as bare from 'nact';
import type { ActorRef, ReplyTo } from './actorRef.ts';
import type { EventSourced, JournalCodec } from './behavior.ts';
import { Kernel } from './kernel.ts';
import { decodeName, encodeName } from './nameCodec.ts';

/*
 * One group per defect of nact 7.6.2. The first test of a group shows the defect on bare nact, the others that the
 * kernel contains it. Should a first test fail after an upgrade, the defect is gone and its containment can go too.
 */

type Untyped<R> = (...args: unknown[]) => R;
type UntypedNact = Record<
  'start' | 'spawn' | 'spawnPersistent' | 'stop' | 'dispatch' | 'configurePersistence',
  Untyped<unknown>
> & { readonly query: Untyped<Promise<unknown>> };
const nact = bare as unknown as UntypedNact;
const bareStart = (...extensions: unknown[]) => nact.start({ name: `bare-${counter++}` }, ...extensions);
let counter = 0;

interface Added {
  readonly n: number;
}
type CounterMessage =
  | { readonly do: 'add'; readonly n: number; readonly replyTo: ReplyTo<number> }
  | { readonly do: 'addThenThrow'; readonly replyTo: ReplyTo<number> }
  | { readonly do: 'throw'; readonly replyTo: ReplyTo<number> }
  | { readonly do: 'swallow'; readonly replyTo: ReplyTo<number> }
  | { readonly do: 'keepAsker'; readonly replyTo: ReplyTo<number> }
  | { readonly do: 'get'; readonly replyTo: ReplyTo<number> };

const codec: JournalCodec<number, Added> = {
  encode: (event) => ({ type: 'added', event: { n: event.n } }),
  decode: (entry) => {
    if (typeof entry.event['n'] !== 'number') throw new Error('no number');
    return { n: entry.event['n'] };
  },
  decodeSnapshot: (snapshot) => Number(snapshot.state['total']),
};

const counting = (hooks: Partial<EventSourced<number, CounterMessage, Added>> = {}) =>
  ({
    initial: () => 0,
    onEvent: (total, event) => total + event.n,
    async onMessage(total, message, context) {
      if (message.do === 'get') message.replyTo.ok(total);
      if (message.do === 'get' || message.do === 'keepAsker') return total;
      if (message.do === 'throw') throw new Error('before anything was written');
      const n = message.do === 'add' ? message.n : 1;
      try {
        await context.persist({ n }, []);
      } catch (error) {
        if (message.do !== 'swallow') throw error;
        return total + n;
      }
      if (message.do === 'addThenThrow') throw new Error('after the write');
      message.replyTo.ok(total + n);
      return total + n;
    },
    ...hooks,
  }) satisfies EventSourced<number, CounterMessage, Added>;

function setup() {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const store = new FakeStore();
  const kernel = new Kernel({ name: `kernel-${counter++}`, clock, log, random: () => 0 });
  let isLeaseValid = true;
  const lease = { writer: 'w', epoch: 1, valid: () => isLeaseValid };
  const spawn = (name = 'a', hooks = {}, mailboxLimit = 1000): ActorRef<CounterMessage> =>
    kernel.spawnEventSourced(kernel.root, name, counting(hooks), {
      store,
      pid: `connection:${name}`,
      codec,
      lease,
      backoff: { minMs: 1000, maxMs: 120_000, randomFactor: 1 },
      corruptRetryMs: 600_000,
      mailboxLimit,
    });
  const add = (actor: ActorRef<CounterMessage>, n: number) =>
    kernel.ask<CounterMessage, number>(actor, (replyTo) => ({ do: 'add', n, replyTo }), 50_000);
  const send = (actor: ActorRef<CounterMessage>, what: Exclude<CounterMessage['do'], 'add'>) =>
    kernel.ask<CounterMessage, number>(actor, (replyTo) => ({ do: what, replyTo }), 50_000);
  const journal = (name = 'a') =>
    (store.entries.get(`connection:${name}`) ?? []).map((entry) => [entry.sn, entry.event['n']]);
  const loseLease = () => {
    isLeaseValid = false;
  };
  return { clock, log, store, kernel, spawn, add, send, journal, loseLease };
}

/** A persistence engine for bare nact. */
function bareEngine() {
  const rows: { sequenceNumber: number; data: unknown; key: string }[] = [];
  const engine = {
    rows,
    gate: undefined as Promise<void> | undefined,
    failures: 0,
    recoveries: 0,
    latestSnapshot: async () => undefined,
    takeSnapshot: async () => undefined,
    events: (key: string) => {
      engine.recoveries++;
      return rows.filter((row) => row.key === key);
    },
    persist: async (event: (typeof rows)[number]) => {
      await engine.gate;
      if (engine.failures > 0) {
        engine.failures--;
        throw new Error('duplicate key');
      }
      rows.push(event);
    },
  };
  return engine;
}
const bareCounter = async (
  state: number,
  message: number,
  ctx: { recovering?: boolean; persist(n: number): Promise<void> },
) => {
  if (!ctx.recovering) await ctx.persist(message);
  return state + message;
};
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('a tree stops as a whole', () => {
  test('bare nact orphans the children of a stopped actor, and stopping the system stops nobody', async () => {
    const system = bareStart();
    const parent = nact.spawn(system, () => undefined, 'parent');
    let stopped = 0;
    const props = { afterStop: () => stopped++ };
    nact.spawn(parent, () => undefined, 'child', props);
    nact.spawn(system, () => undefined, 'other', props);
    nact.stop(parent);
    nact.stop(system);
    await turns();
    expect(stopped).toBe(0);
  });

  test('children stop first, each after its running message and its hook', async () => {
    const { kernel } = setup();
    const order: string[] = [];
    let release = () => {};
    const parent = kernel.spawn(kernel.root, 'parent', {
      onMessage: () => undefined,
      onStop: () => void order.push('parent'),
    });
    const child = kernel.spawn<string>(parent, 'child', {
      onMessage: async () => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        order.push('message');
      },
      onStop: async () => {
        await turns(1);
        order.push('child');
      },
    });
    kernel.tell(child, 'work');
    await turns();
    const stopped = kernel.shutdown(3000);
    await turns();
    expect(order).toEqual([]);
    release();
    await stopped;
    expect(order).toEqual(['message', 'child', 'parent']);
    expect(kernel.stats().actors).toBe(0);
  });

  test('a handler that does not end is left behind after the deadline', async () => {
    const { kernel, clock, log } = setup();
    const stuck = kernel.spawn<string>(kernel.root, 'stuck', {
      onMessage: () => new Promise(() => undefined),
    });
    kernel.tell(stuck, 'work');
    await turns();
    const stopped = kernel.stop(stuck, 3000);
    await turns();
    clock.advance(3000);
    await stopped;
    expect(kernel.statusOf(stuck)).toBe('stopped');
    expect(log.lines.map((line) => line.message)).toEqual(['an actor is stopped without waiting longer']);
  });
});

describe('a stopped incarnation writes nothing more', () => {
  test('on bare nact a handler that outlives its stop still persists, and a successor repeats its number', async () => {
    const engine = bareEngine();
    const system = bareStart(nact.configurePersistence(engine));
    const first = nact.spawnPersistent(system, bareCounter, 'k', 'a', { initialState: 0 });
    await turns();
    let open = () => {};
    engine.gate = new Promise((resolve) => {
      open = resolve;
    });
    nact.dispatch(first, 1);
    await turns();
    nact.stop(first);
    const second = nact.spawnPersistent(system, bareCounter, 'k', 'a', { initialState: 0 });
    nact.dispatch(second, 2);
    await turns();
    open();
    await turns();
    expect(engine.rows.map((row) => row.sequenceNumber)).toEqual([1, 1]);
  });

  test('stop waits for the write, the successor sees it, and the next number follows', async () => {
    const { kernel, store, spawn, add, journal } = setup();
    const first = spawn();
    await add(first, 1);
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    store.gate = () => gate;
    const answer = add(first, 2);
    await turns();
    const stopped = kernel.stop(first, 3000);
    expect(() => spawn()).toThrow('already');
    open();
    await stopped;
    await expect(answer).resolves.toBe(3);
    await expect(add(spawn(), 4)).resolves.toBe(7);
    expect(journal()).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
    ]);
  });

  test('a write begun after the stop is refused before it reaches the store', async () => {
    const { kernel, clock, store, spawn, add } = setup();
    let persist = (): Promise<void> => Promise.resolve();
    const actor = spawn('a', {
      onMessage: async (
        total: number,
        _message: CounterMessage,
        context: { persist: (e: Added, t: []) => Promise<void> },
      ) => {
        await new Promise<void>((resolve) => {
          persist = () => context.persist({ n: 1 }, []).finally(resolve);
        });
        return total;
      },
    });
    const answer = rejection(add(actor, 1));
    await turns();
    const stopped = kernel.stop(actor, 3000);
    await turns();
    clock.advance(3000);
    await stopped;
    expect(await rejection(persist())).toMatchObject({ name: 'StoreError', reason: 'closed' });
    expect(await answer).toMatchObject({ reason: 'stopped' });
    expect(store.appends).toBe(0);
  });

  test('a write that outlasts the deadline of a stop keeps the persistence id until it has ended', async () => {
    const { kernel, spawn, add, store, clock, journal } = setup();
    const actor = spawn();
    await add(actor, 1);
    let release = () => {};
    store.gate = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const late = rejection(add(actor, 2));
    await turns();
    const stopped = kernel.stop(actor, 3000);
    await turns();
    clock.advance(3000);
    await stopped;
    expect(() => spawn()).toThrow('connection:a has an actor already');
    release();
    store.gate = undefined;
    await kernel.whenEnded(actor);
    expect(await late).toMatchObject({ reason: 'stopped' });
    expect(await add(spawn(), 4)).toBe(7);
    expect(journal()).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
    ]);
  });

  test('a reference does not reach the next actor of the same name, as it does on bare nact', async () => {
    const system = bareStart();
    const seen: string[] = [];
    const old = nact.spawn(system, () => void seen.push('old'), 'a');
    nact.stop(old);
    nact.spawn(system, () => void seen.push('new'), 'a');
    nact.dispatch(old, 1);
    await turns();
    expect(seen).toEqual(['new']);

    const { kernel, spawn, send } = setup();
    const first = spawn();
    await kernel.stop(first, 3000);
    spawn();
    await expect(send(first, 'get')).rejects.toMatchObject({ reason: 'stopped' });
    expect(kernel.tell(first, { do: 'get', replyTo: undefined as never })).toBe(false);
  });
});

describe('a journal cannot fork', () => {
  test('bare nact burns the number of a failed write, and memory leaves the journal', async () => {
    const engine = bareEngine();
    const system = bareStart(nact.configurePersistence(engine));
    const actor = nact.spawnPersistent(system, bareCounter, 'k', 'a', {
      initialState: 0,
      onCrash: (_m: unknown, _e: unknown, ctx: { resume: symbol }) => ctx.resume,
    });
    await turns();
    engine.failures = 1;
    nact.dispatch(actor, 1);
    nact.dispatch(actor, 2);
    await turns();
    expect(engine.rows.map((row) => row.sequenceNumber)).toEqual([2]);
  });

  test('two writers converge to the journal; the one that was late is told', async () => {
    const { kernel, store, spawn, add, send, journal } = setup();
    const actor = spawn();
    await add(actor, 1);
    const pid = 'connection:a';
    const other = {
      pid,
      sn: 2,
      type: 'added',
      tags: [],
      timestamp: 0,
      event: { n: 10 },
      writer: 'x',
      epoch: 1,
    };
    await store.journal.append([other]);
    const error = await rejection(add(actor, 100));
    expect(error).toMatchObject({
      reason: 'crashed',
      cause: expect.objectContaining({ reason: 'duplicate' }),
    });
    await expect(send(actor, 'get')).resolves.toBe(11);
    await expect(add(actor, 1000)).resolves.toBe(1011);
    expect(journal()).toEqual([
      [1, 1],
      [2, 10],
      [3, 1000],
    ]);
    expect(kernel.statusOf(actor)).toBe('active');
  });

  test('a handler that swallows the failure of its write is recovered all the same', async () => {
    const { store, clock, spawn, send, add } = setup();
    const actor = spawn();
    await add(actor, 5);
    store.fault = () => 'lost';
    const answer = rejection(send(actor, 'swallow'));
    await turns();
    store.fault = () => undefined;
    clock.advance(3000);
    expect(await answer).toMatchObject({ reason: 'crashed' });
    await turns();
    await expect(send(actor, 'get')).resolves.toBe(5);
  });

  test('a write whose outcome is unknown is settled by the journal', async () => {
    const { store, clock, spawn, send, add, journal } = setup();
    const actor = spawn();
    store.fault = (operation) => (operation === 'append' ? 'ambiguous' : undefined);
    const answer = rejection(add(actor, 7));
    await turns();
    store.fault = () => undefined;
    expect(await answer).toMatchObject({ reason: 'crashed' });
    await expect(send(actor, 'get')).rejects.toMatchObject({ reason: 'backingOff' });
    clock.advance(2000);
    await turns();
    await expect(send(actor, 'get')).resolves.toBe(7);
    expect(journal()).toEqual([[1, 7]]);
  });

  test('nothing is written once the lease of the shard is lost', async () => {
    const { store, spawn, add, loseLease } = setup();
    const actor = spawn();
    await add(actor, 1);
    loseLease();
    await expect(add(actor, 2)).rejects.toMatchObject({ reason: 'crashed' });
    expect(store.appends).toBe(1);
  });
});

describe('a failing handler harms nobody but its asker', () => {
  test('an onCrash of bare nact that throws is an unhandled rejection, which ends the process', () => {
    const script = `
      const { start, spawn, dispatch } = require('nact');
      const fail = () => { throw new Error('handler') };
      const onCrash = () => { throw new Error('from onCrash') };
      dispatch(spawn(start(), fail, 'a', { onCrash }), 'boom');`;
    const run = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('from onCrash');
  });

  test('a throw before the first write answers the asker and keeps the state', async () => {
    const { kernel, spawn, add, send } = setup();
    const actor = spawn();
    await add(actor, 1);
    await expect(send(actor, 'throw')).rejects.toThrow('before anything was written');
    await expect(send(actor, 'get')).resolves.toBe(1);
    expect(kernel.statusOf(actor)).toBe('active');
  });

  test('a throw after a write recovers the actor, so that memory holds what the journal holds', async () => {
    const { spawn, add, send } = setup();
    const actor = spawn();
    await add(actor, 1);
    await expect(send(actor, 'addThenThrow')).rejects.toMatchObject({ reason: 'crashed' });
    await expect(send(actor, 'get')).resolves.toBe(2);
    await expect(add(actor, 1)).resolves.toBe(3);
  });

  test('hooks that throw are logged and change nothing', async () => {
    const throwing = () => {
      throw new Error('hook');
    };
    const { kernel, log, spawn, send, add } = setup();
    const actor = spawn('a', { onRecovered: throwing, onReset: throwing, onStop: throwing });
    await add(actor, 1);
    await expect(send(actor, 'addThenThrow')).rejects.toMatchObject({ reason: 'crashed' });
    await expect(send(actor, 'get')).resolves.toBe(2);
    await kernel.stop(actor, 3000);
    const hooks = log.lines
      .filter((line) => line.message === 'a hook failed')
      .map((line) => line.fields['hook']);
    expect(hooks).toEqual(['onRecovered', 'onReset', 'onRecovered', 'onStop']);
  });

  test('an asker whose message was kept is told when the actor is recovered', async () => {
    const { spawn, send } = setup();
    const actor = spawn();
    const kept = rejection(send(actor, 'keepAsker'));
    await turns();
    await rejection(send(actor, 'addThenThrow'));
    expect(await kept).toMatchObject({ reason: 'crashed' });
  });
});

describe('recovery that fails', () => {
  test('bare nact starts empty on resume, and tries thousands of times a second on reset', async () => {
    const engine = bareEngine();
    engine.rows.push({ sequenceNumber: 1, data: 5, key: 'k' });
    const healthy = engine.events;
    engine.events = () => {
      engine.recoveries++;
      throw new Error('store down');
    };
    const system = bareStart(nact.configurePersistence(engine));
    const onCrash = (_m: unknown, _e: unknown, ctx: { reset: symbol }) => ctx.reset;
    const actor = nact.spawnPersistent(system, bareCounter, 'k', 'a', { initialState: 0, onCrash });
    await turns(50);
    expect(engine.recoveries).toBeGreaterThan(10);
    nact.stop(actor);
    engine.events = healthy;
  });

  test('it waits with growing delays, refuses commands meanwhile, and comes back by itself', async () => {
    const { kernel, clock, store, spawn, add, send } = setup();
    const first = spawn();
    await add(first, 5);
    await kernel.stop(first, 3000);
    let reads = 0;
    store.fault = (operation) => {
      if (operation === 'read') reads++;
      return 'lost';
    };
    const actor = spawn();
    const waiting = rejection(send(actor, 'get'));
    await turns();
    expect(await waiting).toMatchObject({ reason: 'backingOff' });
    expect(kernel.statusOf(actor)).toBe('backingOff');
    for (const delayMs of [2000, 4000, 8000]) {
      clock.advance(delayMs - 1);
      await turns();
      const before = reads;
      clock.advance(1);
      await turns();
      expect(reads).toBe(before + 1);
    }
    store.fault = () => undefined;
    clock.advance(16_000);
    await turns();
    await expect(send(actor, 'get')).resolves.toBe(5);
  });

  test.each<[string, (store: FakeStore) => void]>([
    ['a hole', (store) => store.entries.get('connection:a')?.splice(0, 1)],
    [
      'an event of another shape',
      (store) => Object.assign(store.entries.get('connection:a')?.[1] ?? {}, { event: {} }),
    ],
    ['a damaged record', (store) => Object.assign(store, { fault: () => 'unreadable' })],
  ])('a journal with %s is left alone and tried again after ten minutes', async (_what, damage) => {
    const { kernel, clock, store, spawn, add, send } = setup();
    const first = spawn();
    await add(first, 1);
    await add(first, 2);
    await kernel.stop(first, 3000);
    const intact = structuredClone(store.entries.get('connection:a') ?? []);
    damage(store);
    const actor = spawn();
    await expect(send(actor, 'get')).rejects.toMatchObject({ reason: 'corrupt' });
    await expect(add(actor, 1)).rejects.toMatchObject({ reason: 'corrupt' });
    expect(store.appends).toBe(2);
    store.fault = () => undefined;
    store.entries.set('connection:a', intact);
    clock.advance(600_000);
    await turns();
    await expect(send(actor, 'get')).resolves.toBe(3);
  });

  test('an event that cannot be applied is as bad as one that cannot be read', async () => {
    const { kernel, spawn, add, send } = setup();
    const first = spawn();
    await add(first, 1);
    await kernel.stop(first, 3000);
    const actor = spawn('a', {
      onEvent: () => {
        throw new Error('evolve');
      },
    });
    await expect(send(actor, 'get')).rejects.toMatchObject({ reason: 'corrupt' });
  });

  test('stopping ends the wait', async () => {
    const { kernel, clock, store, spawn } = setup();
    store.fault = () => 'lost';
    const actor = spawn();
    await turns();
    await kernel.stop(actor, 3000);
    expect(clock.pendingTimers).toBe(0);
  });

  test('it starts from the newest snapshot, and after a removal of all events from the highest number', async () => {
    const { kernel, store, spawn, add } = setup();
    const first = spawn();
    await add(first, 1);
    await add(first, 2);
    await store.snapshots.save({ pid: 'connection:a', sn: 2, timestamp: 0, state: { total: 3 } });
    await store.journal.deleteTo('connection:a', 2);
    await kernel.stop(first, 3000);
    const second = spawn();
    await expect(add(second, 4)).resolves.toBe(7);
    await kernel.stop(second, 3000);
    store.saved.clear();
    await store.journal.deleteTo('connection:a', 3);
    await expect(add(spawn(), 10)).resolves.toBe(10);
    expect(store.entries.get('connection:a')?.map((entry) => entry.sn)).toEqual([4]);
  });
});

describe('every ask ends, and what is lost is counted', () => {
  test('bare nact lets a query to a stopped actor wait for its time', async () => {
    const system = bareStart();
    const actor = nact.spawn(system, () => undefined, 'a');
    let isSettled = false;
    const answer = nact.query(actor, () => 1, 200);
    answer.then(undefined, () => {
      isSettled = true;
    });
    await turns();
    nact.stop(actor);
    await turns();
    expect(isSettled).toBe(false);
    await rejection(answer);
  });

  test('stopping answers those whose message waits and those whose answer is due', async () => {
    const { kernel, store, clock, spawn, send, add } = setup();
    const actor = spawn();
    const kept = rejection(send(actor, 'keepAsker'));
    await turns();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    store.gate = () => gate;
    void rejection(add(actor, 1));
    const queued = rejection(add(actor, 2));
    await turns();
    const stopped = kernel.stop(actor, 3000);
    open();
    await stopped;
    expect(await kept).toMatchObject({ reason: 'stopped' });
    expect(await queued).toMatchObject({ reason: 'stopped' });
    expect(clock.pendingTimers).toBe(0);
    expect(kernel.stats()).toMatchObject({ pendingAsks: 0, deadLetters: { dropped: 1 } });
  });

  test('an ask times out by the clock it was given, and a late answer is a dead letter', async () => {
    const { kernel, clock } = setup();
    let asker: ReplyTo<number> | undefined;
    const actor = kernel.spawn<ReplyTo<number>>(kernel.root, 'slow', {
      onMessage: (replyTo) => {
        asker = replyTo;
      },
    });
    const answer = rejection(kernel.ask(actor, (replyTo: ReplyTo<number>) => replyTo, 10_000));
    await turns();
    clock.advance(10_000);
    expect(await answer).toMatchObject({ reason: 'timeout' });
    asker?.ok(1);
    expect(kernel.stats().deadLetters.late).toBe(1);
  });

  test('thirty days are thirty days: bare nact times such a query out at once', async () => {
    const system = bareStart();
    const silent = nact.spawn(system, () => undefined, 'a');
    const days = 30 * 24 * 3_600_000;
    await expect(nact.query(silent, () => 1, days)).rejects.toThrow('Query Timeout');

    const { kernel, clock } = setup();
    const actor = kernel.spawn<ReplyTo<number>>(kernel.root, 'silent', { onMessage: () => undefined });
    let isSettled = false;
    void rejection(kernel.ask(actor, (replyTo: ReplyTo<number>) => replyTo, days)).then(() => {
      isSettled = true;
    });
    await turns();
    clock.advance(24 * 24 * 3_600_000);
    await turns();
    expect(isSettled).toBe(false);
  });

  test('asks are numbered; bare nact draws random numbers out of 32 bits, so that two may meet', async () => {
    const system = bareStart();
    const ids: number[] = [];
    const actor = nact.spawn(
      system,
      (_s: unknown, _m: unknown, ctx: { sender: { id: number } }) => void ids.push(ctx.sender.id),
      'a',
    );
    for (let i = 0; i < 50; i++) nact.query(actor, 1, 10).catch(() => undefined);
    await turns(60);
    expect(ids).toHaveLength(50);
    expect(ids.every((id) => id === (id | 0))).toBe(true);
    expect(ids.some((id, i) => i > 0 && id < Number(ids[i - 1]))).toBe(true);

    const { kernel } = setup();
    const echo = kernel.spawn<ReplyTo<number>>(kernel.root, 'echo', { onMessage: (to) => to.ok(to.askId) });
    const answers = Array.from({ length: 500 }, () => kernel.ask(echo, (to: ReplyTo<number>) => to, 1000));
    expect(new Set(await Promise.all(answers)).size).toBe(500);
  });
});

describe('mailboxes are bounded', () => {
  test('bare nact queues without end', async () => {
    const system = bareStart();
    let handled = 0;
    const actor = nact.spawn(system, () => void handled++, 'a');
    for (let i = 0; i < 1500; i++) nact.dispatch(actor, i);
    await turns(1600);
    expect(handled).toBe(1500);
  });

  test('a full mailbox refuses with a typed error', async () => {
    const { kernel, spawn, add } = setup();
    const actor = spawn();
    const answers = await Promise.allSettled(Array.from({ length: 1500 }, () => add(actor, 1)));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(500);
    expect(refused[0]).toMatchObject({ reason: { reason: 'overflow' } });
    expect(kernel.stats().deadLetters.overflow).toBe(500);
  });
});

describe('names', () => {
  test('bare nact refuses the colon that connection ids may have', () => {
    const system = bareStart();
    expect(() => nact.spawn(system, () => undefined, 'urn:uuid:1')).toThrow('Invalid argument');
  });

  test('ids become names and back; text that is no id is refused', () => {
    expect(encodeName('urn:uuid:1')).toBe('urn.uuid.1');
    expect(decodeName(encodeName('a:b_c-D'))).toBe('a:b_c-D');
    expect(() => encodeName('a.b')).toThrow();
    expect(() => encodeName('a/b')).toThrow();
  });

  test('an id with a colon names an actor', async () => {
    const { spawn, add } = setup();
    await expect(add(spawn('urn:uuid:1'), 3)).resolves.toBe(3);
  });
});

describe('no shutdownAfter, no snapshotEvery, no log of nact', () => {
  test('bare nact stops an actor at once that should be idle for thirty days', async () => {
    const system = bareStart();
    const seen: unknown[] = [];
    const options = { shutdownAfter: 30 * 24 * 3_600_000 };
    const actor = nact.spawn(system, (_s: unknown, m: unknown) => void seen.push(m), 'a', options);
    await new Promise((resolve) => setTimeout(resolve, 5));
    nact.dispatch(actor, 1);
    await turns();
    expect(seen).toEqual([]);
  });

  test('bare nact has no log in its context although it is typed', async () => {
    const system = bareStart();
    let log: unknown = 'unset';
    const actor = nact.spawn(
      system,
      (_s: unknown, _m: unknown, ctx: { log: unknown }) => {
        log = ctx.log;
      },
      'a',
    );
    nact.dispatch(actor, 1);
    await turns();
    expect(log).toBeUndefined();
  });
});

test('a refused write of a document that is too large leaves the actor in service', async () => {
  const { store, spawn, add, send } = setup();
  const actor = spawn();
  await add(actor, 1);
  const append = store.journal.append;
  Object.assign(store.journal, { append: () => Promise.reject(new StoreError('tooLarge', '17 MB')) });
  await expect(add(actor, 2)).rejects.toMatchObject({ reason: 'crashed' });
  Object.assign(store.journal, { append });
  await expect(send(actor, 'get')).resolves.toBe(1);
});
