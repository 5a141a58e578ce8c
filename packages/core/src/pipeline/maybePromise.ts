import type { MaybePromise } from './compiledConnection.ts';

/** Goes on with a value now if it is there, or when it comes. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Runs `attempt`; what it throws, now or later, is handed to `recover`. */
export function attempt<T>(attempt: () => MaybePromise<T>, recover: (error: unknown) => T): MaybePromise<T> {
  try {
    const value = attempt();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}

/** One after the other, so that what came first ends first; synchronous as long as every step is. */
export function mapInOrder<T, R>(
  items: readonly T[],
  step: (item: T) => MaybePromise<R>,
): MaybePromise<readonly R[]> {
  const [only] = items;
  // Most lists have one item; an array that grows takes ten times the room of one that is made with its item.
  if (items.length === 1) return andThen(step(only as T), (result) => [result]);
  const results: R[] = [];
  for (const item of items) {
    const result = step(item);
    if (result instanceof Promise) return finishLater(items.slice(results.length + 1), step, results, result);
    results.push(result);
  }
  return results;
}

async function finishLater<T, R>(
  items: readonly T[],
  step: (item: T) => MaybePromise<R>,
  results: R[],
  pending: Promise<R>,
): Promise<readonly R[]> {
  results.push(await pending);
  for (const item of items) results.push(await step(item));
  return results;
}
