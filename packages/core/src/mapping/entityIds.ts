import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

const NAMESPACED_ID = /^(?:|[a-zA-Z]\w*(?:[.-][a-zA-Z]\w*)*):[^\x00-\x1f\x7f-\xff/]+$/;
const HREF = 'https://www.eclipse.dev/ditto/basic-namespaces-and-names.html#namespaced-id';

/** A thing id in its two parts. @throws DittoError `things:id.invalid` */
export function parseThingId(id: string): { readonly namespace: string; readonly name: string } {
  if (!isNamespacedId(id)) throw invalid('things:id.invalid', `Thing ID '${id}' is not valid!`);
  const colon = id.indexOf(':');
  return { namespace: id.slice(0, colon), name: id.slice(colon + 1) };
}

/** @throws DittoError `policies:id.invalid` */
export function checkPolicyId(id: string): void {
  if (!isNamespacedId(id)) throw invalid('policies:id.invalid', `Policy ID '${id}' is not valid!`);
}

const isNamespacedId = (id: string): boolean => id.length <= 256 && NAMESPACED_ID.test(id);

const invalid = (code: 'things:id.invalid' | 'policies:id.invalid', message: string): DittoError =>
  makeError(code, message, { href: HREF });
