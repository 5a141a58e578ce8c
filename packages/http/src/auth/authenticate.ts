import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { equalsConstantTime, parseBasicAuthorization } from './basic.ts';
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
  return (request, response, next) => {
    const header = request.headers.authorization;
    if (header === undefined) {
      return unauthorized(
        response,
        realm,
        'The resource requires authentication, which was not supplied with the request',
      );
    }
    const role = roleFor(header, config.users);
    if (role === undefined) return unauthorized(response, realm, 'The supplied authentication is invalid');
    admit(role)(request, response, next);
  };
}

function roleFor(header: string, users: readonly BasicUser[]): Role | undefined {
  const given = parseBasicAuthorization(header);
  let role: Role | undefined;
  // every user is compared, so that the time tells nothing about which one matched
  for (const { user, password, role: granted } of users) {
    const matches =
      equalsConstantTime(given?.user ?? '', user) && equalsConstantTime(given?.password ?? '', password);
    if (given !== undefined && matches) role ??= granted;
  }
  return role;
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
