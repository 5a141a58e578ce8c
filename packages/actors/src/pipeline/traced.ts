import type { ExternalMessage, MaybePromise, Tracer } from '@hawser/core';
import { isPromise } from './maybePromise.ts';

/** A stage and where it belongs to. */
export interface Stage {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Runs a stage inside of a span, also one that ends later. */
export function traced<T>(tracer: Tracer, stage: Stage, run: () => MaybePromise<T>): MaybePromise<T> {
  const span = tracer.start(stage.name, stage.parent, stage.attributes);
  try {
    const result = run();
    if (!isPromise(result)) {
      span.end();
      return result;
    }
    return result.then(
      (value) => {
        span.end();
        return value;
      },
      (error: unknown) => {
        span.end(error);
        throw error;
      },
    );
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** The message with its trace; protocols without headers leave it out like all others. */
export function withTrace(message: ExternalMessage, traceparent: string): ExternalMessage {
  const { text, bytes } = message;
  return {
    headers: { ...message.headers, traceparent },
    ...(text === undefined ? {} : { text }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}
