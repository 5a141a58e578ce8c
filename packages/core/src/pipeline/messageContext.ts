import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import type { Signal } from '../protocol/signal.ts';

/** What is known where a message comes in, before it comes in. */
export interface MessageOrigin {
  readonly connectionId: string;
  readonly now: () => number;
}

/** What templates see of an inbound message (connectivity/service/.../messaging/Resolvers.java, `forExternalMessage` and `forInbound`). */
export class MessageContext implements PlaceholderContext {
  readonly headers: DittoHeaders;
  readonly connectionId: string;
  readonly sourceAddress: string | undefined;
  readonly authSubjects: readonly string[];
  /** Once the message was mapped. */
  readonly signal: Signal | undefined;
  readonly #clock: () => number;
  #now: number | undefined;

  constructor(
    origin: MessageOrigin,
    message: ExternalMessage,
    authSubjects: readonly string[],
    more: { readonly sourceAddress?: string; readonly signal?: Signal } = {},
  ) {
    this.headers = message.headers;
    this.connectionId = origin.connectionId;
    this.authSubjects = authSubjects;
    this.sourceAddress = more.sourceAddress;
    this.signal = more.signal;
    this.#clock = origin.now;
  }

  /** The same instant for every use of one message. */
  get now(): number {
    this.#now ??= this.#clock();
    return this.#now;
  }
}
