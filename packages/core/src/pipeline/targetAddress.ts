import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { allPlaceholders } from '../placeholders/placeholders.ts';
import { compileTemplate } from '../placeholders/template.ts';

/**
 * The address of a target or reply target for one signal: the first value, undefined when it does not resolve and the signal is
 * dropped (spec 07, 11). @throws DittoError `placeholder:*`
 */
export type ResolveAddress = (context: PlaceholderContext) => string | undefined;

export function compileTargetAddress(address: string): ResolveAddress {
  return compileTemplate(address, allPlaceholders).first;
}
