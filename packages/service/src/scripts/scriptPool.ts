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
      after: (delayMs, run) => {
        setTimeout(run, delayMs);
      },
      nextOrderId: nextId,
      threadFor: (lane) => this.#assign(lane).thread,
      misbehaved: (lane) => this.#separate(lane),
      released: (lane) => this.#release(lane),
    });
  }

  /** Threads for whoever counts them; one may be there without work. */
  get threads(): number {
    return this.#crews.length + (this.#outcasts === undefined ? 0 : 1);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const crews = [...this.#crews, ...(this.#outcasts === undefined ? [] : [this.#outcasts])];
    await Promise.all(crews.map(({ thread }) => thread.close()));
  }

  #assign(lane: ScriptLane): Crew {
    const least = this.#leastBusy();
    const canGrow = this.#crews.length < this.#limits.maxThreads;
    const crew = least === undefined || (least.lanes.size > 0 && canGrow) ? this.#newCrew() : least;
    if (crew !== least) this.#crews.push(crew);
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

  #leastBusy(): Crew | undefined {
    return this.#crews.reduce<Crew | undefined>(
      (least, crew) => (least === undefined || crew.lanes.size < least.lanes.size ? crew : least),
      undefined,
    );
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
    // one thread without work stays: the next mapper need not wait for its start
    const others = this.#crews.filter((other) => other !== crew);
    if (crew !== this.#outcasts && others.every(({ lanes }) => lanes.size > 0)) return;
    void crew.thread.close();
    if (crew === this.#outcasts) this.#outcasts = undefined;
    else this.#crews.splice(this.#crews.indexOf(crew), 1);
  }
}
