import { grouped } from './baseErrors.ts';
import type { DittoError } from './dittoError.ts';
import { makeError } from './makeError.ts';

/* Factories for errors of Ditto's gateway, the HTTP door (gateway/api/.../Gateway*Exception.java). */

export const gatewayTimeoutInvalid = (timeoutMs: number, maxMs: number): DittoError =>
  makeError(
    'gateway:timeout.invalid',
    `The timeout <${grouped(timeoutMs)}ms> is not inside its allowed bounds <0ms - ${grouped(maxMs)}ms>`,
  );

/** The same key as HTTP header and as query parameter, with different values. */
export const divergentHeader = (key: string): DittoError =>
  makeError(
    'gateway:duplicate.header.field',
    `<${key}> was provided as header as well as query parameter with divergent values!`,
  );

export const duplicateHeader = (name: string): DittoError =>
  makeError(
    'gateway:duplicate.header.field',
    `The message contains headers which include a duplicate header field: '${name}'`,
    {
      description:
        'A request must not contain multiple header fields with the same field name. For more information see RFC 7230 section 3.2.2.',
      href: 'https://tools.ietf.org/rfc/rfc7230.txt',
    },
  );

export const authenticationFailed = (message: string, description?: string): DittoError =>
  makeError('gateway:authentication.failed', message, description === undefined ? {} : { description });

/** The issuer of a token is none of the configured ones. */
export const jwtIssuerNotSupported = (issuer: string): DittoError =>
  makeError('gateway:jwt.issuer.notsupported', `The JWT issuer '${issuer}' is not supported.`);

export const unauthorizedSubjects = (subjects: readonly string[], expected: readonly string[]): DittoError =>
  authenticationFailed(
    `Unauthorized subject(s): <[${subjects.join(', ')}]>. Expected: <[${expected.join(', ')}]>`,
  );

export const authenticationProviderUnavailable = (): DittoError =>
  makeError('gateway:authentication.provider.unavailable', 'The authentication provider is not available.');

export const jwtInvalid = (description?: string): DittoError =>
  makeError(
    'jwt:invalid',
    'The JSON Web Token is not valid.',
    description === undefined ? {} : { description },
  );
