import type { DittoError } from './dittoError.ts';
import { makeError } from './makeError.ts';

/* Factories for Ditto's general errors (base/model/.../exceptions/*.java). */

/** Java's MessageFormat of an integer: groups of three digits, separated by commas. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');

export const askError = (message = 'There was an internal timeout.'): DittoError =>
  makeError('ask.error', message);

/** `description`: where more is known than that time was too short. */
export const commandTimeout = (timeoutMs: number, description?: string): DittoError =>
  makeError(
    'command.timeout',
    `The Command reached the specified timeout of ${grouped(timeoutMs)}ms.`,
    description === undefined ? {} : { description },
  );

export const internalError = (): DittoError =>
  makeError('internalerror', 'There was a rare case of an unexpected internal error.');

export const apiVersionNotSupported = (version: number | string): DittoError =>
  makeError('api.version.notsupported', `The requested resource is not supported by version '${version}'.`);

/** `allowed`: media types in the order in which they are to be listed. */
export const mediaTypeUnsupported = (mediaType: string, allowed: readonly string[]): DittoError =>
  makeError('mediatype.unsupported', `The Media-Type <${mediaType}> is not supported for this resource.`, {
    description: `Allowed Media-Types are: <[${allowed.join(', ')}]>.`,
  });

/** `json.type.notparsable`; `registry` is Ditto's name for it, e.g. `GlobalCommandRegistry`. */
export const typeNotParsable = (type: string, registry: string): DittoError =>
  makeError('json.type.notparsable', `The JSON type '${type}' is not supported by registry '${registry}'.`);
