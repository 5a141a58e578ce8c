import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
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

/**
 * Holds a command's `if-match` and `if-none-match` against the current tag of its connection; `undefined` when there is
 * none (internal/utils/headers/.../ConditionalHeadersValidator.java). Queries and deletes without a current tag pass.
 *
 * @throws DittoError `connectivity:precondition.failed` 412, `connectivity:precondition.notmodified` 304
 */
export function checkPreconditions(
  category: CommandCategory,
  headers: DittoHeaders,
  current: EntityTag | undefined,
): void {
  if (current === undefined && (category === 'DELETE' || category === 'QUERY')) return;
  const ifMatch = matchers(headers['if-match']);
  if (ifMatch !== undefined && !(current && ifMatch.some((tag) => matchesStrongly(tag, current))))
    throw preconditionFailed('if-match', ifMatch, current);
  const ifNoneMatch = matchers(headers['if-none-match']);
  if (!current || !ifNoneMatch?.some((tag) => matchesWeakly(tag, current))) return;
  throw category === 'QUERY'
    ? notModified(ifNoneMatch, current)
    : preconditionFailed('if-none-match', ifNoneMatch, current);
}

function matchers(value: string | undefined): readonly EntityTagMatcher[] | undefined {
  if (value === undefined) return undefined;
  return splitEntityTags(value).flatMap((part) => parseMatcher(part) ?? []);
}

const joined = (tags: readonly EntityTagMatcher[]): string => tags.map(entityTagText).join(',');

function preconditionFailed(
  header: string,
  expected: readonly EntityTagMatcher[],
  current: EntityTag | undefined,
): DittoError {
  const actual = current === undefined ? undefined : entityTagText(current);
  return makeError(
    'connectivity:precondition.failed',
    `The comparison of precondition header '${header}' for the requested connection resource evaluated to false. Header value: '${joined(expected)}', actual entity-tag: '${actual ?? 'null'}'.`,
    actual === undefined ? {} : { headers: { etag: actual } },
  );
}

function notModified(expected: readonly EntityTagMatcher[], current: EntityTag): DittoError {
  const actual = entityTagText(current);
  return makeError(
    'connectivity:precondition.notmodified',
    `The comparison of precondition header 'if-none-match' for the requested connection resource evaluated to false. Expected: '${joined(expected)}' not to match actual: '${actual}'.`,
    { headers: { etag: actual } },
  );
}
