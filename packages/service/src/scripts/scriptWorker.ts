import { constants, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { newQuickJSWASMModule, RELEASE_SYNC } from 'quickjs-emscripten';
import { ScriptBox } from './scriptBox.ts';
import type { ScriptOutput } from './scriptCall.ts';
import { ownThreadId, ownThreadTime } from './threadTime.ts';
import {
  monotonicMs,
  type Order,
  type PackedOrders,
  type Result,
  RUNNING,
  STARTED_AT,
  sharedFields,
  THREAD,
  THREAD_TIME,
  unpackOrders,
  type WorkerData,
} from './workerOrders.ts';

/* The thread that scripts run in. It may be ended at any time. */

/** Results are not held back longer than this while other messages are run, ms. */
const MAX_HOLD_MS = 5;

/** The scripts of one mapper in this thread. */
interface Resident {
  readonly box: ScriptBox;
  /** After a run that was ended nothing more is run until the mapper says so: it may have to be slowed down. */
  isHalted: boolean;
  /** Runs had to be ended one after the other. */
  isSuspect: boolean;
}

async function main(port: MessagePort, { shared }: WorkerData): Promise<void> {
  const module = await newQuickJSWASMModule(RELEASE_SYNC);
  const residents = new Map<number, Resident>();
  // elsewhere the whole process would be meant; and there is no way back
  let canYield = process.platform === 'linux';
  const { ids, times } = sharedFields(shared);
  const threadTime = ownThreadTime();
  ids[THREAD] = threadTime === undefined ? 0 : ownThreadId();
  /** Time on a processor since it was last noted, ms: no less than the order under way has used. */
  const used = threadTime && (() => threadTime() - (times[THREAD_TIME] ?? 0));

  port.on('message', (packed: PackedOrders) => {
    let results: Result[] = [];
    let postedAt = noteTime();
    for (const order of unpackOrders(packed)) {
      const result = perform(order);
      if (result === undefined) continue;
      results.push(result);
      if (performance.now() - postedAt < MAX_HOLD_MS) continue;
      port.postMessage(results);
      results = [];
      postedAt = noteTime();
    }
    if (results.length > 0) port.postMessage(results);
  });
  port.postMessage([]);

  function noteTime(): number {
    if (threadTime !== undefined) times[THREAD_TIME] = threadTime();
    return performance.now();
  }

  function perform(order: Order): Result | undefined {
    const { mapper } = order;
    switch (order.do) {
      case 'open': {
        const { options, isSuspect } = order;
        residents.set(mapper, { box: new ScriptBox(module, options, used), isHalted: false, isSuspect });
        yieldToOthers();
        return undefined;
      }
      case 'close':
        residents.get(mapper)?.box.close();
        residents.delete(mapper);
        return undefined;
      case 'resume': {
        const resident = residents.get(mapper);
        if (resident === undefined) return undefined;
        resident.isHalted = false;
        resident.isSuspect = order.isSuspect;
        yieldToOthers();
        return undefined;
      }
      default:
        return run(order);
    }
  }

  /** Where only scripts are at home that do not end by themselves, whoever else wants the processor goes first. */
  function yieldToOthers(): void {
    if (!canYield || [...residents.values()].some(({ isSuspect }) => !isSuspect)) return;
    canYield = false;
    setPriority(0, constants.priority.PRIORITY_LOW);
  }

  function run(order: Extract<Order, { do: 'run' | 'load' }>): Result {
    const resident = residents.get(order.mapper);
    if (resident === undefined || resident.isHalted) return null;
    times[STARTED_AT] = monotonicMs();
    Atomics.store(ids, RUNNING, order.id);
    const output = order.do === 'run' ? resident.box.run(order.input) : loadedOutput(resident.box.load());
    Atomics.store(ids, RUNNING, 0);
    if (output.failure?.kind === 'time') resident.isHalted = true;
    return isPlain(output) ? output.json : output;
  }
}

const isPlain = (output: ScriptOutput): output is { readonly json: string } =>
  output.json !== undefined && output.buffers === undefined && output.use === undefined;

const loadedOutput = (failure: ReturnType<ScriptBox['load']>) => (failure === undefined ? {} : { failure });

if (parentPort !== null) await main(parentPort, workerData as WorkerData);
