import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { CommandCategory } from '../protocol/signal.ts';
import {
  type EntityTag,
  type EntityTagMatcher,
  entityTagText,
  matchesStrongly,
  matchesWeakly,
  parseMatcher,
  splitEntityTags,
} from './entityTag.ts';

/** How the errors of a kind of entity begin, and what they call it. */
const ENTITIES = {
  connection: { prefix: 'connectivity', name: 'connection' },
  thing: { prefix: 'things', name: 'Thing' },
  policy: { prefix: 'policies', name: 'Policy' },
} as const;

export type ConditionalEntity = keyof typeof ENTITIES;

/**
 * Holds a command's `if-match` and `if-none-match` against the current tag of what it is about; `undefined` when there is
 * none (internal/utils/headers/.../ConditionalHeadersValidator.java). Queries and deletes without a current tag pass.
 *
 * @throws DittoError `connectivity:precondition.failed` 412, `connectivity:precondition.notmodified` 304, for things `things:…`, for policies `policies:…`
 */
export function checkPreconditions(
  category: CommandCategory,
  headers: DittoHeaders,
  current: EntityTag | undefined,
  entity: ConditionalEntity = 'connection',
): void {
  if (current === undefined && (category === 'DELETE' || category === 'QUERY')) return;
  const ifMatch = matchers(headerValue(headers, 'if-match'));
  if (ifMatch !== undefined && !(current && ifMatch.some((tag) => matchesStrongly(tag, current))))
    throw preconditionFailed(entity, 'if-match', ifMatch, current);
  const ifNoneMatch = matchers(headerValue(headers, 'if-none-match'));
  if (!current || !ifNoneMatch?.some((tag) => matchesWeakly(tag, current))) return;
  throw category === 'QUERY'
    ? notModified(entity, ifNoneMatch, current)
    : preconditionFailed(entity, 'if-none-match', ifNoneMatch, current);
}

function matchers(value: string | undefined): readonly EntityTagMatcher[] | undefined {
  if (value === undefined) return undefined;
  return splitEntityTags(value).flatMap((part) => parseMatcher(part) ?? []);
}

const joined = (tags: readonly EntityTagMatcher[]): string => tags.map(entityTagText).join(',');

function preconditionFailed(
  entity: ConditionalEntity,
  header: string,
  expected: readonly EntityTagMatcher[],
  current: EntityTag | undefined,
): DittoError {
  const actual = current === undefined ? undefined : entityTagText(current);
  const { prefix, name } = ENTITIES[entity];
  return makeError(
    `${prefix}:precondition.failed`,
    `The comparison of precondition header '${header}' for the requested ${name} resource evaluated to false. Header value: '${joined(expected)}', actual entity-tag: '${actual ?? 'null'}'.`,
    actual === undefined ? {} : { headers: { etag: actual } },
  );
}

function notModified(
  entity: ConditionalEntity,
  expected: readonly EntityTagMatcher[],
  current: EntityTag,
): DittoError {
  const actual = entityTagText(current);
  const { prefix, name } = ENTITIES[entity];
  return makeError(
    `${prefix}:precondition.notmodified`,
    `The comparison of precondition header 'if-none-match' for the requested ${name} resource evaluated to false. Expected: '${joined(expected)}' not to match actual: '${actual}'.`,
    { headers: { etag: actual } },
  );
}
