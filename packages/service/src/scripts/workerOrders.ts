import type { BoxOptions, ScriptInput, ScriptOutput } from './scriptCall.ts';

/* What passes between a thread for scripts and its owner. Orders are carried out one by one; `run` and `load` have a result each. */

export type Order =
  | {
      readonly do: 'open';
      readonly mapper: number;
      readonly options: BoxOptions;
      readonly isSuspect: boolean;
    }
  | { readonly do: 'load'; readonly mapper: number; readonly id: number }
  | { readonly do: 'run'; readonly mapper: number; readonly id: number; readonly input: ScriptInput }
  /** The mapper goes on after a run that was ended. `isSuspect`: after several in a row. */
  | { readonly do: 'resume'; readonly mapper: number; readonly isSuspect: boolean }
  | { readonly do: 'close'; readonly mapper: number };

/** Orders as they go over: plain values one behind the other, which costs a quarter of what objects with named members do. */
export type PackedOrders = readonly unknown[];

const OTHER = 0;
const INBOUND = 1;
const OUTBOUND = 2;

export function packOrders(orders: readonly Order[]): PackedOrders {
  const packed: unknown[] = [];
  for (const order of orders) {
    if (order.do !== 'run') packed.push(OTHER, order);
    else if (order.input.direction === 'outbound')
      packed.push(OUTBOUND, order.mapper, order.id, order.input.message);
    else {
      const { headers, text, bytes } = order.input;
      packed.push(INBOUND, order.mapper, order.id, headers, text, bytes);
    }
  }
  return packed;
}

export function unpackOrders(packed: PackedOrders): readonly Order[] {
  const orders: Order[] = [];
  let at = 0;
  const next = <T>(): T => packed[at++] as T;
  while (at < packed.length) {
    const kind = next<number>();
    if (kind === OTHER) {
      orders.push(next());
      continue;
    }
    const [mapper, id] = [next<number>(), next<number>()];
    const input: ScriptInput =
      kind === OUTBOUND
        ? { direction: 'outbound', message: next() }
        : { direction: 'inbound', headers: next(), text: next(), bytes: next() };
    orders.push({ do: 'run', mapper, id, input });
  }
  return orders;
}

/** The JSON of the results, as most are, or an output with more to it. Null: not run, because the run before it was ended. */
export type Result = string | ScriptOutput | null;

export interface WorkerData {
  /** What whoever watches from outside may see; read by `sharedFields`. */
  readonly shared: SharedArrayBuffer;
}

export const SHARED_BYTES = 24;
/** Index of the id of the order that is run (0 = none), and of the number of the thread, in `sharedFields().ids`. */
export const RUNNING = 0;
export const THREAD = 1;
/** Index of when the order was begun, and of the thread's time on a processor shortly before, in `sharedFields().times`. */
export const STARTED_AT = 0;
export const THREAD_TIME = 1;

export const sharedFields = (
  shared: SharedArrayBuffer,
): { readonly ids: Int32Array; readonly times: Float64Array } => ({
  ids: new Int32Array(shared, 0, 2),
  times: new Float64Array(shared, 8, 2),
});

/** Milliseconds that mean the same in every thread and never go back. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
