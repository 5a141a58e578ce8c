import type { Log } from '@hawser/core';
import type { BoxOptions } from './scriptCall.ts';
import { ScriptLane } from './scriptLane.ts';
import type { ScriptLimits } from './scriptLimits.ts';
import { ScriptThread } from './scriptThread.ts';

interface Crew {
  readonly thread: ScriptThread;
  readonly lanes: Set<ScriptLane>;
  /** Scripts in it had to be ended again and again: it may have the lowest priority, for which there is no way back. */
  isTainted: boolean;
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
  #lanes = 0;
  #lastOrder = 0;
  #isClosed = false;
  #endedThreads = 0;

  constructor(limits: ScriptLimits, log: Log) {
    this.#limits = limits;
    this.#log = log;
  }

  /** The way of one mapper's messages; it takes a thread with its first message. */
  lane(box: BoxOptions): ScriptLane {
    return new ScriptLane({
      id: ++this.#lanes,
      box,
      maxQueuedCalls: this.#limits.maxQueuedCalls,
      after: (delayMs, run) => {
        setTimeout(run, delayMs);
      },
      nextOrderId: () => {
        // a 32-bit integer that is not 0
        this.#lastOrder = (this.#lastOrder % 0x7fff_fffe) + 1;
        return this.#lastOrder;
      },
      threadFor: (lane) => this.#assign(lane).thread,
      misbehaved: (lane) => this.#separate(lane),
      released: (lane) => this.#release(lane),
    });
  }

  /** Threads for whoever counts them; one may be there without work. */
  get threads(): number {
    return this.#crews.length + (this.#outcasts === undefined ? 0 : 1);
  }

  /** Threads that had to be ended, or broke down; the next message starts another. */
  get endedThreads(): number {
    return this.#endedThreads;
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
        if (!this.#isClosed) this.#endedThreads++;
        for (const lane of lanes) lane.threadEnded();
      },
    });
    return { thread, lanes, isTainted: false };
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
    if (crew === undefined || crew === this.#outcasts || this.#isClosed) return;
    if (crew.lanes.size === 1) {
      crew.isTainted = true;
      return;
    }
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
    const isSpare = this.#crews.every((other) => other === crew || other.lanes.size > 0);
    if (crew !== this.#outcasts && !crew.isTainted && isSpare) return;
    void crew.thread.close();
    if (crew === this.#outcasts) this.#outcasts = undefined;
    else this.#crews.splice(this.#crews.indexOf(crew), 1);
  }
}
