import type { Role } from './role.ts';

/** Checks a bearer token (undefined: none was sent) and says what its subject may do. @throws DittoError 400, 401 or 503 */
export type TokenVerifier = (token: string | undefined) => Promise<Role>;
