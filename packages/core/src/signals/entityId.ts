import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { parseConnectionId } from '../model/connectionId.ts';
import { rememberLast } from '../remember.ts';

const HREF = 'https://www.eclipse.dev/ditto/basic-namespaces-and-names.html#namespaced-id';
const MAX_LENGTH = 256;
/** base/model/.../entity/id/RegexPatterns.java: a namespace, which may be empty, a colon and a name. */
const NAMESPACED_ID = /^(?:[a-zA-Z]\w*(?:[.-][a-zA-Z]\w*)*)?:[^\x00-\x1f\x7f-\xff/]+$/;

/** A message's id is looked at several times on its way. */
const isNamespacedId = rememberLast(
  (id: string): boolean => id.length <= MAX_LENGTH && NAMESPACED_ID.test(id),
);

/** @throws DittoError `things:id.invalid` */
export function checkThingId(id: string): string {
  if (isNamespacedId(id)) return id;
  throw idInvalid('things:id.invalid', 'Thing ID', id);
}

/** @throws DittoError `policies:id.invalid` */
export function checkPolicyId(id: string): string {
  if (isNamespacedId(id)) return id;
  throw idInvalid('policies:id.invalid', 'Policy ID', id);
}

/** Of an entity whose kind does not matter. @throws DittoError `namespacedentity.id.invalid` */
export function checkNamespacedId(id: string): string {
  if (isNamespacedId(id)) return id;
  throw idInvalid('namespacedentity.id.invalid', 'Namespaced entity ID', id);
}

/** An id of a named type; of types without rules any is taken. @throws DittoError of that type's ids */
export function checkEntityId(type: string, id: string): string {
  if (type === 'thing') return checkThingId(id);
  if (type === 'policy') return checkPolicyId(id);
  return type === 'connection' ? parseConnectionId(id) : id;
}

/** Namespace and name of an id that was checked. */
export function splitId(id: string): readonly [namespace: string, name: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

const idInvalid = (
  code: 'things:id.invalid' | 'policies:id.invalid' | 'namespacedentity.id.invalid',
  what: string,
  id: string,
): DittoError => makeError(code, `${what} '${id}' is not valid!`, { href: HREF });
