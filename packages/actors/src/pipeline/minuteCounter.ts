import type { Counter, WindowCounts } from './slidingCounter.ts';

const minuteMs = 60_000;
const minutesOfDay = 1_440;

/** Counts minutes in which something happened, not how often it did (connectivity/.../metrics/ThrottledMetricsAlert.java). */
export class MinuteCounter implements Counter {
  /** One bit a minute, by minute of the day; made with the first event. */
  #minutes: Uint8Array | undefined;
  #newest = Number.NEGATIVE_INFINITY;
  #lastMs: number | undefined;
  #countsFromMs = Number.NEGATIVE_INFINITY;
  #total = 0;

  /** Counts the first event of a minute alone. */
  hit(nowMs: number): void {
    const minute = Math.floor(nowMs / minuteMs);
    this.#lastMs = nowMs;
    this.#moveTo(minute);
    this.#minutes ??= new Uint8Array(minutesOfDay);
    const at = minute % minutesOfDay;
    if (this.#minutes[at] === 1) return;
    this.#minutes[at] = 1;
    this.#total++;
  }

  counts(nowMs: number): WindowCounts {
    const minute = Math.floor(nowMs / minuteMs);
    this.#moveTo(minute);
    const isRecent =
      this.#lastMs !== undefined && this.#lastMs >= this.#countsFromMs && nowMs - this.#lastMs < minuteMs;
    return { PT1M: isRecent ? 1 : 0, PT1H: this.#sum(minute, 60), PT24H: this.#sum(minute, minutesOfDay) };
  }

  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  get total(): number {
    return this.#total;
  }

  get inSlot(): number {
    return 0;
  }

  reset(): void {
    this.#minutes?.fill(0);
    this.#countsFromMs = this.#lastMs === undefined ? Number.NEGATIVE_INFINITY : this.#lastMs + 1;
  }

  #sum(minute: number, minutes: number): number {
    if (this.#minutes === undefined) return 0;
    let sum = 0;
    for (let i = 0; i < minutes; i++) sum += this.#minutes[(minute - i) % minutesOfDay] ?? 0;
    return sum;
  }

  #moveTo(minute: number): void {
    if (minute <= this.#newest) return;
    const steps = Math.min(minute - this.#newest, minutesOfDay);
    for (let i = 0; i < steps && this.#minutes !== undefined; i++)
      this.#minutes[(minute - i) % minutesOfDay] = 0;
    this.#newest = minute;
  }
}
