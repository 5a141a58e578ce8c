import { keysOf } from '../placeholders/thingOfSignal.ts';
import { parsePointer } from '../protocol/pointer.ts';

/** A resource of a policy as keys, its type first: `['thing', 'attributes', 'location']` for `thing:/attributes/location`. */
export type PolicyResource = readonly string[];

const RESOURCE_KEY = /^[^:/\x00-\x1f\x7f-\xff]+:(?!.*\/\/)[^\x00-\x1f\x7f-\xff]*$/;

/**
 * Whether a text is a `type:/path` (policies/model/.../PoliciesModelFactory.java, `newResourceKey`). No type holds a slash:
 * nothing that is asked for has such a type.
 */
export const isResourceKey = (text: string): boolean => RESOURCE_KEY.test(text);

/** Reads `type:/path`; what comes before the first colon is the type. Only of a text that `isResourceKey`. */
export function policyResourceOf(text: string): PolicyResource {
  const colon = text.indexOf(':');
  return [...parsePointer(text.slice(0, colon)), ...parsePointer(text.slice(colon + 1))];
}

/** The resource of a signal's path. After two slashes nothing is split any more: subjects of messages may hold them. */
export const resourceAt = (type: 'thing' | 'policy' | 'message', path: string): PolicyResource => [
  type,
  ...keysOf(path),
];
