import { alone } from '../placeholders/placeholder.ts';
import { illegalArgument } from '../placeholders/placeholderErrors.ts';
import { exactHeaderPlaceholder } from '../placeholders/placeholders.ts';
import { compileTemplate } from '../placeholders/template.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';

/** The authorization subjects of one message, from its headers. @throws DittoError `placeholder:unresolved` */
export type ResolveAuthorization = (headers: DittoHeaders) => readonly string[];

/**
 * Compiles the authorization context of a source: `header:` by exact name; each value of an expression becomes a subject,
 * in order (placeholders/.../PlaceholderFilter.java `applyHeadersPlaceholderToAuthContext`).
 */
export function compileAuthorization(subjects: readonly string[]): ResolveAuthorization {
  const templates = subjects.map((subject) => compileTemplate(subject, alone(exactHeaderPlaceholder)));
  if (templates.every(({ isConstant }) => isConstant)) return () => subjects;
  return (headers) => {
    const context = { headers };
    return templates.flatMap((template) => template.requireAll(context).map(notEmpty));
  };
}

function notEmpty(subject: string): string {
  if (subject === '') throw illegalArgument("The argument 'subjectId' must not be empty!");
  return subject;
}
