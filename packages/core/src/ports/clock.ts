/** Time as a capability: nothing below `service` reads a clock or sets a timer by itself. */
export interface Clock {
  /** Wall time, ms since 1970. For texts, tokens and log expiry. */
  now(): number;
  /** Monotonic time in ms. For intervals, deadlines and back-off. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`; calling the result cancels it. Timers do not keep the process alive. */
  after(delayMs: number, task: () => void): () => void;
}
