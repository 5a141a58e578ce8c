import type { Clock } from '@hawser/core';

/** Who writes to the journal: a node, and which of its processes. */
export const writerOf = (instance: string, clock: Clock): string =>
  `${instance}/${process.pid}-${clock.now()}`;
