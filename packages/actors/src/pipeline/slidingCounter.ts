/** A window of Ditto's counters: `PT1M` in slots of 10 s, and so on (connectivity/.../monitoring/metrics/MeasurementWindow.java). */
interface Window {
  readonly name: 'PT1M' | 'PT1H' | 'PT24H';
  readonly slotMs: number;
  readonly slots: number;
}

const finestSlotMs = 10_000;

const windows: readonly Window[] = [
  { name: 'PT1M', slotMs: finestSlotMs, slots: 6 },
  { name: 'PT1H', slotMs: 60_000, slots: 60 },
  { name: 'PT24H', slotMs: 3_600_000, slots: 24 },
];

export type WindowCounts = Readonly<Record<Window['name'], number>>;

/** Ring of the newest slots of one window; a slot that has fallen out is cleared when its place is taken again. */
class SlotRing {
  readonly window: Window;
  readonly #counts: number[];
  #newest = Number.NEGATIVE_INFINITY;

  constructor(window: Window) {
    this.window = window;
    this.#counts = new Array<number>(window.slots).fill(0);
  }

  add(nowMs: number, events: number): void {
    const slot = Math.floor(nowMs / this.window.slotMs);
    if (slot > this.#newest) this.#moveTo(slot);
    const at = this.#index(slot);
    this.#counts[at] = (this.#counts[at] ?? 0) + events;
  }

  sum(nowMs: number): number {
    this.#moveTo(Math.floor(nowMs / this.window.slotMs));
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  clear(): void {
    this.#counts.fill(0);
  }

  #moveTo(slot: number): void {
    if (slot <= this.#newest) return;
    const { slots } = this.window;
    const steps = Math.min(slot - this.#newest, slots);
    for (let i = 0; i < steps; i++) this.#counts[this.#index(slot - i)] = 0;
    this.#newest = slot;
  }

  #index(slot: number): number {
    return slot % this.window.slots;
  }
}

/** What a meter counts with. */
export interface Counter {
  hit(nowMs: number): void;
  counts(nowMs: number): WindowCounts;
  /** Wall time of the newest event, ms; a reset does not clear it. */
  readonly lastMs: number | undefined;
  /** All events since the process has started; a reset does not clear it. */
  readonly total: number;
  /** Events of the newest slot of 10 s. */
  readonly inSlot: number;
  reset(): void;
}

/** Counts events of the last minute, hour and day. */
export class SlidingCounter implements Counter {
  readonly #rings = windows.map((window) => new SlotRing(window));
  /** Events of the newest slot of the finest window, not yet in the rings: the slots of the others begin with one of these. */
  #pending = 0;
  #slotEndMs = Number.NEGATIVE_INFINITY;
  #lastMs: number | undefined;
  #total = 0;
  #inSlot = 0;

  hit(nowMs: number): void {
    if (nowMs >= this.#slotEndMs) this.#nextSlot(nowMs);
    this.#pending++;
    this.#inSlot++;
    this.#total++;
    this.#lastMs = nowMs;
  }

  get total(): number {
    return this.#total;
  }

  get inSlot(): number {
    return this.#inSlot;
  }

  counts(nowMs: number): WindowCounts {
    this.#flush();
    const [minute, hour, day] = this.#rings.map((ring) => ring.sum(nowMs));
    return { PT1M: minute ?? 0, PT1H: hour ?? 0, PT24H: day ?? 0 };
  }

  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  reset(): void {
    this.#pending = 0;
    for (const ring of this.#rings) ring.clear();
  }

  #nextSlot(nowMs: number): void {
    this.#flush();
    this.#inSlot = 0;
    this.#slotEndMs = (Math.floor(nowMs / finestSlotMs) + 1) * finestSlotMs;
  }

  #flush(): void {
    if (this.#pending === 0) return;
    for (const ring of this.#rings) ring.add(this.#slotEndMs - 1, this.#pending);
    this.#pending = 0;
  }
}
