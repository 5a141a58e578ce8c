import {
  askError,
  type Clock,
  type Command,
  type CommandAnswer,
  type ConnectivityCommands,
  DittoError,
  type DittoHeaders,
  isDittoError,
  isEntityCommand,
  isGroupTopic,
  type JsonObject,
  makeError,
  type Reply,
  readPiggybackedCommand,
} from '@hawser/core';
import { AskError } from './nact/actorRef.ts';
import type { PubSub } from './pubSub.ts';
import type { ShardRegion } from './sharding/shardRegion.ts';
import type { Single } from './singles/single.ts';

export interface SelectionParts {
  readonly clock: Clock;
  readonly region: ShardRegion;
  readonly pubSub: PubSub;
  /** By selection. */
  readonly singles: ReadonlyMap<string, Single>;
  readonly stopTimeoutMs: number;
}

const REGION = '/system/sharding/connection';
const MEDIATOR = '/system/distributedPubSubMediator';

/** Actor paths as commands name them, and who answers there. */
export class Selections implements ConnectivityCommands {
  readonly #parts: SelectionParts;

  constructor(parts: SelectionParts) {
    this.#parts = parts;
  }

  ask(selection: string, json: JsonObject, headers: DittoHeaders, timeoutMs: number): Promise<Reply> {
    if (!(timeoutMs > 0))
      return Promise.reject(
        askError(`Timeout length must be positive, question not sent to [${selection}].`),
      );
    try {
      const answer = this.#answer(selection, json, headers, timeoutMs);
      return this.#replyWithin(timeoutMs, selection, answer, headers);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #answer(
    selection: string,
    json: JsonObject,
    headers: DittoHeaders,
    timeoutMs: number,
  ): Promise<CommandAnswer> {
    const carried = readPiggybackedCommand(json);
    const single = this.#parts.singles.get(selection);
    if (carried.kind === 'poisonPill') void single?.restart(this.#parts.stopTimeoutMs);
    else if (selection === MEDIATOR) this.#publish(json, headers);
    if (carried.kind !== 'command') throw nobodyAnswers(selection);
    if (selection === REGION) return this.#askRegion(selection, carried.command, headers);
    if (single !== undefined) return single.ask(carried.command, headers, timeoutMs);
    throw nobodyAnswers(selection);
  }

  /** What names no connection is dropped. */
  #askRegion(selection: string, command: Command, headers: DittoHeaders): Promise<CommandAnswer> {
    const { region } = this.#parts;
    if (isEntityCommand(command)) return region.ask({ command, headers });
    if (command.type === 'cleanup.sudo.commands:cleanupPersistence') return region.cleanUp(command, headers);
    throw nobodyAnswers(selection);
  }

  #publish(json: JsonObject, headers: DittoHeaders): void {
    const topic = headers['topic'] ?? String(json['type']);
    this.#parts.pubSub.publish(topic, json, isGroupTopic(headers));
  }

  #replyWithin(
    timeoutMs: number,
    selection: string,
    answer: Promise<CommandAnswer>,
    headers: DittoHeaders,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const cancel = this.#parts.clock.after(timeoutMs, () =>
        reject(askError(`Ask timed out on [${selection}] after [${timeoutMs} ms].`)),
      );
      answer.then(
        (given) => {
          cancel();
          resolve(asReply(given));
        },
        (error) => {
          cancel();
          const unanswered = unansweredBy(error);
          if (unanswered === undefined) resolve(asErrorReply(error, headers));
          else reject(unanswered);
        },
      );
    });
  }
}

const nobodyAnswers = (selection: string): DittoError => askError(`Nobody answers at [${selection}].`);

function asReply({ json, headers }: CommandAnswer): Reply {
  const status = json['status'];
  return { json, status: typeof status === 'number' ? status : 200, isError: false, headers };
}

/** Refusals are answers; that nobody answered is not. */
function unansweredBy(error: unknown): DittoError | undefined {
  if (isDittoError(error, 'ask.error')) return error;
  return error instanceof AskError ? askError(error.message) : undefined;
}

function asErrorReply(error: unknown, headers: DittoHeaders): Reply {
  const refusal =
    error instanceof DittoError
      ? error
      : makeError('connectivity:internalerror', 'There was a rare case of an unexpected internal error.', {
          cause: error,
        });
  const { status } = refusal;
  return { json: refusal.toJson(), status, isError: true, headers: { ...headers, ...refusal.headers } };
}
