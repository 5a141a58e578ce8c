import type { Command, CommandAnswer, DittoHeaders } from '@hawser/core';
import type { ActorRef, ReplyTo } from '../nact/actorRef.ts';
import type { Behavior } from '../nact/behavior.ts';
import type { Kernel } from '../nact/kernel.ts';

/** What an actor beside the connections answers; `undefined`: it does not understand the command and says nothing. */
export type SingleHandler = (
  command: Command,
  headers: DittoHeaders,
) => Promise<CommandAnswer> | CommandAnswer | undefined;

interface SingleMessage {
  readonly command: Command;
  readonly headers: DittoHeaders;
  readonly replyTo: ReplyTo<CommandAnswer>;
}

/** An actor of which there is one: it begins each command in its turn, and none waits for the store of the one before. */
export class Single {
  readonly #kernel: Kernel;
  readonly #parent: ActorRef<never>;
  readonly #name: string;
  readonly #handler: SingleHandler;
  #ref: ActorRef<SingleMessage>;
  #restarting: Promise<void> | undefined;

  constructor(kernel: Kernel, parent: ActorRef<never>, name: string, handler: SingleHandler) {
    this.#kernel = kernel;
    this.#parent = parent;
    this.#name = name;
    this.#handler = handler;
    this.#ref = this.#spawn();
  }

  async ask(command: Command, headers: DittoHeaders, timeoutMs: number): Promise<CommandAnswer> {
    await this.#restarting;
    return this.#kernel.ask(this.#ref, (replyTo) => ({ command, headers, replyTo }), timeoutMs);
  }

  /** Stops the actor and starts a new one in its place; what it had begun is not answered. */
  restart(deadlineMs: number): Promise<void> {
    this.#restarting ??= this.#kernel.stop(this.#ref, deadlineMs).then(() => {
      this.#ref = this.#spawn();
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  #spawn(): ActorRef<SingleMessage> {
    const behavior: Behavior<SingleMessage> = {
      onMessage: ({ command, headers, replyTo }) => {
        const answer = this.#handler(command, headers);
        if (answer instanceof Promise)
          answer.then(
            (given) => replyTo.ok(given),
            (error) => replyTo.fail(error),
          );
        else if (answer !== undefined) replyTo.ok(answer);
      },
    };
    return this.#kernel.spawn(this.#parent, this.#name, behavior);
  }
}
