import type { OutboundOutcome, OutboundResult } from '@hawser/core';

/** What one target made of a signal; `filtered`: its thing does not match. */
export type TargetMapping = readonly OutboundOutcome[] | 'filtered' | { readonly enrichmentError: unknown };

/** A message that is ready to leave. */
export type Publication = Extract<OutboundResult, { readonly publish: unknown }>;

/** Of one signal, at all targets. */
export function countPublishes(mappings: readonly TargetMapping[]): number {
  let count = 0;
  for (const mapping of mappings) {
    if (mapping === 'filtered' || 'enrichmentError' in mapping) continue;
    for (const { results } of mapping) for (const result of results) if ('publish' in result) count++;
  }
  return count;
}

/** The answers to all publishes of one signal share what is taken in of them (Ditto's `issued-max-bytes`). */
export const shared = (publish: Publication['publish'], publishes: number): Publication['publish'] =>
  publishes < 2 ? publish : { ...publish, target: { ...publish.target, answerShares: publishes } };
