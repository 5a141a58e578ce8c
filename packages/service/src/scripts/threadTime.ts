import { openSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/*
 * Time that a thread was on a processor. A script is held to it, not to the clock on the wall: on a machine that is busy
 * otherwise a script that does no harm would be ended. Only Linux tells it of single threads.
 */

/** Reads the time of the calling thread, ms; undefined where the system does not tell it. */
export function ownThreadTime(): (() => number) | undefined {
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r');
    const buffer = Buffer.alloc(64);
    const read = (): number => milliseconds(buffer.toString('latin1', 0, readSync(file, buffer, 0, 64, 0)));
    return Number.isFinite(read()) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** The number of the calling thread in its process; 0 where there is none. */
export function ownThreadId(): number {
  try {
    return Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The time of another thread of this process, ms; undefined when it is not told. */
export function threadTime(id: number): number | undefined {
  try {
    const time = milliseconds(readFileSync(`/proc/self/task/${id}/schedstat`, 'latin1'));
    return Number.isFinite(time) ? time : undefined;
  } catch {
    return undefined;
  }
}

/** `<ns on a processor> <ns waiting> <slices>` */
const milliseconds = (schedstat: string): number => Number(schedstat.split(' ', 1)[0] || Number.NaN) / 1e6;
