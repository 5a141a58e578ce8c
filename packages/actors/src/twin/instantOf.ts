import type { Clock } from '@hawser/core';

/** Now, in ISO 8601. */
export const instantOf = (clock: Clock): string => new Date(clock.now()).toISOString();
