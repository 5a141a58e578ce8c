import type { Log } from '@hawser/core';
import type { BoxOptions } from './scriptCall.ts';
import { ScriptLane } from './scriptLane.ts';
import type { ScriptLimits } from './scriptLimits.ts';
import { ScriptThread } from './scriptThread.ts';

interface Crew {
  readonly thread: ScriptThread;
  readonly lanes: Set<ScriptLane>;
}

/**
 * Threads for mappers: one for each as long as there are few enough. Beyond that they share, and one whose runs have to be ended
 * again and again while it shares is moved to the thread of those like it.
 */
export class ScriptPool {
  readonly #limits: ScriptLimits;
  readonly #log: Log;
  readonly #crews: Crew[] = [];
  #outcasts: Crew | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(limits: ScriptLimits, log: Log) {
    this.#limits = limits;
    this.#log = log;
  }

  /** The way of one mapper's messages; it takes a thread with its first message. */
  lane(box: BoxOptions): ScriptLane {
    const nextId = (): number => {
      // order ids are 32-bit integers that are not 0
      this.#lastId = (this.#lastId % 0x7fff_fffe) + 1;
      return this.#lastId;
    };
    return new ScriptLane({
      id: nextId(),
      box,
      maxQueuedCalls: this.#limits.maxQueuedCalls,
      nextOrderId: nextId,
      threadFor: (lane) => this.#assign(lane).thread,
      misbehaved: (lane) => this.#separate(lane),
      released: (lane) => this.#release(lane),
    });
  }

  /** Threads that are there, for whoever counts them. */
  get threads(): number {
    return this.#crews.length + (this.#outcasts === undefined ? 0 : 1);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const crews = [...this.#crews, ...(this.#outcasts === undefined ? [] : [this.#outcasts])];
    await Promise.all(crews.map(({ thread }) => thread.close()));
  }

  #assign(lane: ScriptLane): Crew {
    const crew = this.#crews.length < this.#limits.maxThreads ? this.#newCrew() : this.#leastBusy();
    if (!this.#crews.includes(crew)) this.#crews.push(crew);
    crew.lanes.add(lane);
    return crew;
  }

  #newCrew(): Crew {
    const lanes = new Set<ScriptLane>();
    const thread = new ScriptThread({
      maxExecutionTimeMs: this.#limits.maxExecutionTimeMs,
      log: this.#log,
      ended: () => {
        for (const lane of lanes) lane.threadEnded();
      },
    });
    return { thread, lanes };
  }

  #leastBusy(): Crew {
    const [first, ...others] = this.#crews;
    if (first === undefined) return this.#newCrew();
    return others.reduce((least, crew) => (crew.lanes.size < least.lanes.size ? crew : least), first);
  }

  #crewOf(lane: ScriptLane): Crew | undefined {
    if (this.#outcasts?.lanes.has(lane) === true) return this.#outcasts;
    return this.#crews.find(({ lanes }) => lanes.has(lane));
  }

  #separate(lane: ScriptLane): void {
    const crew = this.#crewOf(lane);
    if (crew === undefined || crew === this.#outcasts || crew.lanes.size === 1 || this.#isClosed) return;
    this.#outcasts ??= this.#newCrew();
    crew.lanes.delete(lane);
    this.#outcasts.lanes.add(lane);
    lane.moveTo(this.#outcasts.thread);
  }

  #release(lane: ScriptLane): void {
    const crew = this.#crewOf(lane);
    if (crew === undefined) return;
    crew.lanes.delete(lane);
    if (crew.lanes.size > 0) return;
    void crew.thread.close();
    if (crew === this.#outcasts) this.#outcasts = undefined;
    else this.#crews.splice(this.#crews.indexOf(crew), 1);
  }
}
