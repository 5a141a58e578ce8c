import {
  adaptableFromSignal,
  adaptableToJson,
  type JsonObject,
  type Log,
  type Signal,
  type StreamingType,
  type TwinService,
  type Voyage,
} from '@hawser/core';

/** A message of the Ditto Protocol: `{topic, headers, path, value?, …}`. */
export type DittoProtocolMessage = JsonObject;

export type SignalListener = (message: DittoProtocolMessage) => void | Promise<void>;

export interface SignalListenerOptions {
  /** Kinds of signals; all by default. */
  readonly types?: readonly StreamingType[];
}

const ALL_TYPES: readonly StreamingType[] = [
  'events',
  'messages',
  'live-commands',
  'live-events',
  'policy-announcements',
];

/** Subscribes a function of the embedding program like a connection with one target. Returns the end of it. */
export function subscribeListener(
  twin: TwinService,
  id: string,
  listener: SignalListener,
  { types = ALL_TYPES, log }: { readonly types?: readonly StreamingType[] | undefined; readonly log: Log },
): () => void {
  return twin.subscribe({
    subscriberId: id,
    group: id,
    subjects: [],
    types,
    onSignal(signal, voyage) {
      voyage?.hold();
      void listen(listener, signal, log).finally(() => voyage?.release());
    },
  });
}

async function listen(listener: SignalListener, signal: Signal, log: Log): Promise<void> {
  try {
    await listener(adaptableToJson(adaptableFromSignal(signal)));
  } catch (error) {
    log.error('a signal listener failed', { error, 'correlation-id': signal.headers['correlation-id'] });
  }
}

/** Calls `done` once, when everything that was begun on its account has finished; not before the caller's turn ends. */
export function voyageOf(done: () => void): Voyage {
  let holds = 1;
  const release = (): void => {
    holds--;
    if (holds === 0) done();
  };
  queueMicrotask(release);
  return {
    hold: () => {
      holds++;
    },
    release,
  };
}
