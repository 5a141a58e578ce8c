import { connectionFailed, type JournalEntry } from '@hawser/core';
import { FakeSessions } from '../fakes/fakeSessions.ts';
import { FakeStore, type StoreFault } from '../fakes/fakeStore.ts';
import { VirtualClock } from '../fakes/virtualClock.ts';
import type { ClientMode } from './modelAction.ts';

/** What a test build does wrong on purpose, to show that the model notices. */
export type ModelBreak = 'reply-before-append';

interface ArmedFault {
  readonly operation: string;
  readonly fault: StoreFault;
  readonly count: number;
}

const SLOW_CLIENT_MS = 2_000;

/** What outlives a process: disk, brokers, time; and what can be wrong with them. */
export class ModelGround {
  readonly store = new FakeStore();
  readonly clock = new VirtualClock();
  readonly sessions = new FakeSessions();
  readonly breaks: ModelBreak | undefined;
  readonly #written = new Map<string, JournalEntry[]>();
  #held: (() => void)[] | undefined;
  /** Ends what clients were asked for while they hang. */
  readonly #hanging: (() => void)[] = [];
  #armed: ArmedFault | undefined;
  #fired = 0;

  constructor(breaks: ModelBreak | undefined) {
    this.breaks = breaks;
    this.store.fault = (operation) => this.#nextFault(operation);
  }

  /** The next operations of this kind fail. */
  arm(fault: ArmedFault): void {
    this.#armed = fault;
    this.#fired = 0;
  }

  /** Store and clients work again; appends may still be held. */
  disarm(): void {
    this.#armed = undefined;
    this.setClients('work');
  }

  /** From now on appends wait. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const pass of held) pass();
  }

  /** Appends pass it one by one. */
  gate(): Promise<void> {
    const held = this.#held;
    return held === undefined ? Promise.resolve() : new Promise((resolve) => held.push(resolve));
  }

  setClients(mode: ClientMode): void {
    const waiting = this.#hanging;
    const answers: Record<ClientMode, (id: string) => Promise<void>> = {
      work: () => Promise.resolve(),
      slow: () => new Promise((resolve) => void this.clock.after(SLOW_CLIENT_MS, resolve)),
      fail: (id) => Promise.reject(connectionFailed(id, 'The broker is away.')),
      hang: () => new Promise((resolve) => waiting.push(resolve)),
    };
    this.sessions.opening = ({ connectionId }) => answers[mode](connectionId);
    this.sessions.closing = () => (mode === 'fail' ? Promise.resolve() : answers[mode](''));
    if (mode !== 'work') return;
    for (const resolve of waiting.splice(0)) resolve();
    // clients try again by themselves
    for (const session of this.sessions.live())
      if (session.state === 'connecting') session.state = 'connected';
  }

  /** Told of every entry that reaches the disk. */
  wrote(entry: JournalEntry): void {
    this.entriesOf(entry.pid.slice('connection:'.length)).push(entry);
  }

  /** Every event that was ever written, also those that a cleanup has removed. */
  entriesOf(connectionId: string): JournalEntry[] {
    const known = this.#written.get(connectionId);
    if (known !== undefined) return known;
    const fresh: JournalEntry[] = [];
    this.#written.set(connectionId, fresh);
    return fresh;
  }

  #nextFault(operation: string): StoreFault | undefined {
    const armed = this.#armed;
    if (armed?.operation !== operation || this.#fired >= armed.count) return undefined;
    this.#fired++;
    return armed.fault;
  }
}
