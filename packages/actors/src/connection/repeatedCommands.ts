import { type AskedCommand, answerOfEvent, type Clock, type CommandAnswer, type Store } from '@hawser/core';
import type { ReplyTo } from '../nact/actorRef.ts';
import { connectionCodec } from './connectionCodec.ts';
import type { Plan } from './messages.ts';

export interface RepeatedCommandsSurroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly config: {
    /** How long a command is recognised. */
    readonly idempotencyWindowMs: number;
  };
}

/** A command that may come again, and what its first sending came to. */
interface Known {
  readonly until: number;
  readonly waiting: ReplyTo<CommandAnswer>[];
  answer: CommandAnswer | undefined;
}

/** Events that are looked through in the journal. */
const MAX_EVENTS = 100;
/** Commands remembered; older ones are found in the journal. */
const MAX_KNOWN = 100;

/**
 * Answers a command that was sent before as it was answered then. What this process has answered it knows; what another
 * or an earlier one stored it finds in the journal, by the `correlation-id` that events keep.
 */
export class RepeatedCommands {
  readonly #pid: string;
  readonly #around: RepeatedCommandsSurroundings;
  readonly #known = new Map<string, Known>();

  constructor(pid: string, around: RepeatedCommandsSurroundings) {
    this.#pid = pid;
    this.#around = around;
  }

  /** True when the command is under way or answered already: its asker has been or will be answered. */
  join(key: string, { replyTo }: Plan): boolean {
    const known = this.#known.get(key);
    if (known === undefined || known.until <= this.#around.clock.monotonic()) return false;
    if (known.answer !== undefined) replyTo?.ok(known.answer);
    else if (replyTo !== undefined) known.waiting.push(replyTo);
    return true;
  }

  /** The plan with an asker that notes the answer. */
  begin(key: string, { asked, replyTo }: Plan): Plan {
    const { clock, config } = this.#around;
    const known: Known = {
      until: clock.monotonic() + config.idempotencyWindowMs,
      waiting: [],
      answer: undefined,
    };
    this.#known.delete(key);
    this.#known.set(key, known);
    this.#forgetOldest();
    return {
      asked,
      replyTo: {
        askId: replyTo?.askId ?? 0,
        get isSettled() {
          return replyTo?.isSettled ?? false;
        },
        ok: (answer) => {
          known.answer = answer;
          replyTo?.ok(answer);
          for (const other of known.waiting.splice(0)) other.ok(answer);
        },
        // What was refused is decided again; what failed after it was stored is found in the journal.
        fail: (error) => {
          if (this.#known.get(key) === known) this.#known.delete(key);
          replyTo?.fail(error);
          for (const other of known.waiting.splice(0)) other.fail(error);
        },
      },
    };
  }

  /** Notes what the journal says of a command. */
  found(key: string, answer: CommandAnswer): void {
    const { clock, config } = this.#around;
    this.#known.set(key, { until: clock.monotonic() + config.idempotencyWindowMs, waiting: [], answer });
    this.#forgetOldest();
  }

  /** The actor is recovered: who waited is told by others, and what was under way is known by the journal alone. */
  reset(): void {
    this.#known.clear();
  }

  /** @throws StoreError */
  async findInJournal(asked: AskedCommand, id: string, revision: number): Promise<CommandAnswer | undefined> {
    const { store, clock, config } = this.#around;
    const since = clock.now() - config.idempotencyWindowMs;
    let answer: CommandAnswer | undefined;
    for await (const entry of store.journal.read(this.#pid, Math.max(0, revision - MAX_EVENTS), revision)) {
      if (entry.timestamp < since) continue;
      answer = answerOfEvent(asked, id, entry.event, () => connectionCodec.decode(entry)) ?? answer;
    }
    return answer;
  }

  #forgetOldest(): void {
    for (const key of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) return;
      this.#known.delete(key);
    }
  }
}

/** Tells commands apart: the same id with another command is another command. */
export const repeatKey = ({ command }: AskedCommand, correlationId: string): string =>
  `${correlationId}\n${JSON.stringify(command)}`;
