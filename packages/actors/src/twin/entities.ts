import { type Log, type MaybePromise, type Signal, StoreError } from '@hawser/core';
import { isPromise } from '../pipeline/maybePromise.ts';
import { EntityLog, type EntityWriter } from './entityLog.ts';
import type { EntityRules, EntityTask } from './entityTask.ts';

export interface EntitiesOptions<S> extends EntityWriter {
  readonly rules: EntityRules<S>;
  readonly log: Log;
  /** States that are kept in memory; the others are read when they are wanted. */
  readonly maxCached: number;
}

/** What has been done since the start, and what is there now. */
export interface EntityStats {
  /** Events that were written. */
  readonly changes: number;
  /** Tasks that the store failed. */
  readonly failures: number;
  /** Tasks that wait or are worked on. */
  readonly waiting: number;
  /** States in memory. */
  readonly cached: number;
}

interface Entity<S extends object> {
  readonly id: string;
  /** Undefined until it is read, and after a write of unknown outcome. Durable. */
  state: S | undefined;
  readonly tasks: EntityTask<S>[];
  isWorking: boolean;
  /** Counts failed writes: what was read before one may be old. */
  failures: number;
}

/** How a task has ended. */
interface Outcome {
  /** Tells who gave it. */
  readonly end: () => void;
  readonly error?: unknown;
}

/** Tasks that are decided before one write to the journal carries the events of all. */
const BATCH = 100;
/** Another process wrote first: how often a batch is decided again. */
const ATTEMPTS = 3;

/**
 * Things or policies, event-sourced: one task of an entity after another, each seeing what the one before it did, and
 * told to be done when it is durable. Whatever waits for an entity is written at once.
 */
export class Entities<S extends object> {
  readonly #options: EntitiesOptions<S>;
  readonly #history: EntityLog<S>;
  /** In the order of their last use. */
  readonly #entities = new Map<string, Entity<S>>();
  /** Resolves when no entity works. */
  readonly #idle: (() => void)[] = [];
  #working = 0;
  #waiting = 0;
  #changes = 0;
  #failures = 0;

  constructor(options: EntitiesOptions<S>) {
    this.#options = options;
    this.#history = new EntityLog(options.rules, options);
  }

  run(id: string, task: EntityTask<S>): void {
    const entity = this.#use(id);
    entity.tasks.push(task);
    this.#waiting++;
    if (!entity.isWorking) void this.#work(entity);
  }

  /** The durable state, past the tasks that wait. @throws StoreError */
  peek(id: string): MaybePromise<S> {
    const entity = this.#use(id);
    if (entity.state !== undefined) return entity.state;
    const { failures } = entity;
    return this.#history.load(id).then((state) => {
      // a task may have read or written it meanwhile, and knows better
      if (!entity.isWorking && entity.failures === failures) entity.state ??= state;
      return state;
    });
  }

  stats(): EntityStats {
    const { size: cached } = this.#entities;
    return { changes: this.#changes, failures: this.#failures, waiting: this.#waiting, cached };
  }

  /** Resolves when every task that was given is done or failed. */
  async drained(): Promise<void> {
    if (this.#working === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #use(id: string): Entity<S> {
    const known = this.#entities.get(id);
    if (known !== undefined) this.#entities.delete(id);
    const entity = known ?? { id, state: undefined, tasks: [], isWorking: false, failures: 0 };
    this.#entities.set(id, entity);
    if (known === undefined) this.#evict();
    return entity;
  }

  /** Those that work stay, and go when they have ended; so does the one that is about to: an id has one entity at a time. */
  #evict(): void {
    let surplus = this.#entities.size - Math.max(1, this.#options.maxCached);
    for (const [id, { isWorking }] of this.#entities) {
      if (surplus <= 0) return;
      surplus--;
      if (!isWorking) this.#entities.delete(id);
    }
  }

  /** Never rejects. */
  async #work(entity: Entity<S>): Promise<void> {
    entity.isWorking = true;
    this.#working++;
    while (entity.tasks.length > 0) await this.#batch(entity, entity.tasks.splice(0, BATCH));
    entity.isWorking = false;
    this.#evict();
    this.#working--;
    if (this.#working === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #batch(entity: Entity<S>, tasks: readonly EntityTask<S>[]): Promise<void> {
    for (const { end, error } of await this.#outcomes(entity, tasks)) {
      this.#waiting--;
      if (error instanceof StoreError) this.#failures++;
      try {
        end();
      } catch (late) {
        // the entity goes on whatever becomes of one of its tasks
        this.#options.log.error('a task of an entity failed after its end', { id: entity.id, error: late });
      }
    }
  }

  async #outcomes(entity: Entity<S>, tasks: readonly EntityTask<S>[]): Promise<readonly Outcome[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#carryOut(entity, tasks);
      } catch (error) {
        entity.state = undefined;
        entity.failures++;
        const reason = error instanceof StoreError ? error.reason : undefined;
        if (attempt < ATTEMPTS && reason === 'duplicate') continue;
        if (reason === 'tooLarge' && tasks.length > 1) return await this.#inHalves(entity, tasks);
        this.#options.log.warn('an entity could not be read or written', { id: entity.id, error });
        return tasks.map((task) => failed(task, error));
      }
    }
  }

  /** Events that are too large together may be written apart: the task of one that is too large itself fails alone. */
  async #inHalves(entity: Entity<S>, tasks: readonly EntityTask<S>[]): Promise<readonly Outcome[]> {
    const half = Math.ceil(tasks.length / 2);
    const first = await this.#outcomes(entity, tasks.slice(0, half));
    return [...first, ...(await this.#outcomes(entity, tasks.slice(half)))];
  }

  /** @throws StoreError when nothing of it is known to be durable */
  async #carryOut(entity: Entity<S>, tasks: readonly EntityTask<S>[]): Promise<readonly Outcome[]> {
    const { rules } = this.#options;
    const before = entity.state ?? (await this.#history.load(entity.id));
    let state = before;
    const events: Signal[] = [];
    const outcomes: Outcome[] = [];
    for (const task of tasks) {
      try {
        const decided = task.decide(state);
        const { event, done } = isPromise(decided) ? await decided : decided;
        if (event !== undefined) {
          state = rules.evolve(state, event);
          events.push(event);
        }
        outcomes.push({ end: done });
      } catch (error) {
        outcomes.push(failed(task, error));
      }
    }
    const revision = rules.revisionOf(before);
    if (events.length > 0) await this.#history.append(entity.id, revision, events);
    entity.state = state;
    this.#changes += events.length;
    if (events.length > 0) await this.#tidyUp(entity.id, revision, state);
    return outcomes;
  }

  /** What cannot be tidied up now is by a later write. */
  async #tidyUp(id: string, before: number, state: S): Promise<void> {
    try {
      await this.#history.tidyUp(id, before, state);
    } catch (error) {
      this.#options.log.debug('old history of an entity stays', { id, error });
    }
  }
}

const failed = <S>(task: EntityTask<S>, error: unknown): Outcome => ({
  error,
  end: () => task.failed(error),
});
