import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { comparerWith, parseBasicAuthorization } from './basic.ts';
import type { Role } from './role.ts';
import type { TokenVerifier } from './tokenVerifier.ts';

/** Ditto's two realms: DevOps commands and connections, and the status of the whole system. */
export type Realm = 'DITTO-DEVOPS' | 'DITTO-STATUS';

export interface BasicUser {
  readonly user: string;
  readonly password: string;
  readonly role: Role;
}

export interface RealmConfig {
  /** False: no authentication at all (`DEVOPS_SECURED=false`). */
  readonly secured: boolean;
  readonly method: 'basic' | 'oauth2';
  readonly users: readonly BasicUser[];
  /** For `oauth2`. */
  readonly verifyToken: TokenVerifier | undefined;
}

/** Set on the response's locals by `authenticate`. */
export const roleOf = (response: Response): Role => response.locals['role'] as Role;

/**
 * Ditto's answers to missing and wrong credentials (gateway/.../DevOpsBasicAuthenticationDirective.java): 401 in plain text,
 * before the method and the body are looked at.
 */
export function authenticate(realm: Realm, config: RealmConfig): RequestHandler {
  if (!config.secured) return admit('full');
  if (config.method === 'oauth2') return bearer(config);
  const roleOfHeader = roleByHeader(config.users);
  return (request, response, next) => {
    const header = request.headers.authorization;
    if (header === undefined) {
      return unauthorized(
        response,
        realm,
        'The resource requires authentication, which was not supplied with the request',
      );
    }
    const role = roleOfHeader(header);
    if (role === undefined) return unauthorized(response, realm, 'The supplied authentication is invalid');
    admit(role)(request, response, next);
  };
}

function roleByHeader(users: readonly BasicUser[]): (header: string) => Role | undefined {
  const known = users.map(({ user, password, role }) => ({
    isUser: comparerWith(user),
    isPassword: comparerWith(password),
    role,
  }));
  return (header) => {
    const given = parseBasicAuthorization(header);
    let found: Role | undefined;
    // every user is compared, so that the time tells nothing about which one matched
    for (const { isUser, isPassword, role } of known) {
      const hasUser = isUser(given?.user ?? '');
      const hasPassword = isPassword(given?.password ?? '');
      if (given !== undefined && hasUser && hasPassword) found ??= role;
    }
    return found;
  };
}

function bearer({ verifyToken }: RealmConfig): RequestHandler {
  // nobody is let in because nobody can check
  if (verifyToken === undefined) throw new Error('a realm with method oauth2 needs a verifier of tokens');
  return async (request, response, next) => {
    const token = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    // rejections are Ditto errors and reach the error middleware
    admit(await verifyToken(token))(request, response, next);
  };
}

const admit =
  (role: Role): RequestHandler =>
  (_request: Request, response: Response, next: NextFunction) => {
    response.locals['role'] = role;
    next();
  };

function unauthorized(response: Response, realm: Realm, text: string): void {
  response
    .status(401)
    .set('WWW-Authenticate', `Basic realm="${realm}",charset=UTF-8`)
    .type('text/plain')
    .send(text);
}
