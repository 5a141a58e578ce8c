import { unauthorizedSubjects } from '@hawser/core';
import type { SubjectsOfToken } from './openId.ts';
import type { Role } from './role.ts';

/** Checks a bearer token (undefined: none was sent) and says what its subject may do. @throws DittoError 400, 401 or 503 */
export type TokenVerifier = (token: string | undefined) => Promise<Role>;

export interface SubjectRules {
  /** Who may do everything; empty: whoever has a valid token, as in Ditto. */
  readonly full: readonly string[];
  /** Who may only look. Whoever is in both lists may do everything. */
  readonly readOnly: readonly string[];
}

/** What the subjects of a token may do (gateway/service/.../directives/auth/DevOpsOAuth2AuthenticationDirective.java). */
export const tokenVerifier =
  (subjectsOfToken: SubjectsOfToken, { full, readOnly }: SubjectRules): TokenVerifier =>
  async (token) => {
    const subjects = await subjectsOfToken(token);
    const isAmong = (list: readonly string[]): boolean => subjects.some((subject) => list.includes(subject));
    if (isAmong(full)) return 'full';
    if (isAmong(readOnly)) return 'read-only';
    if (full.length === 0) return 'full';
    throw unauthorizedSubjects(subjects, full);
  };
