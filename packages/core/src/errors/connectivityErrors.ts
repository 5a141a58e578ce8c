import type { DittoError } from './dittoError.ts';
import { makeError } from './makeError.ts';

/*
 * Factories for codes with the prefix `connectivity:` (connectivity/model/.../exceptions/*.java); texts are Ditto's, byte for byte.
 * Errors of ids, URIs and topics are made beside their parsers in `model/`.
 */

export const connectionNotAccessible = (id: string): DittoError =>
  makeError(
    'connectivity:connection.notfound',
    `The Connection with ID '${id}' could not be found or requester had insufficient permissions to access it.`,
  );

/** Asked for a revision or a time (ISO-8601) that the journal does not reach. */
export const connectionHistoryNotAccessible = (
  id: string,
  at: { readonly revision: number } | { readonly timestamp: string },
): DittoError => {
  const where = 'revision' in at ? `revision '${at.revision}'` : `timestamp '${at.timestamp}'`;
  return makeError(
    'connectivity:connection.history.notfound',
    `The Connection with ID '${id}' at ${where} could not be found or requester had insufficient permissions to access it.`,
  );
};

export const connectionConflict = (id: string): DittoError =>
  makeError('connectivity:connection.conflict', `The Connection with ID '${id}' was already created.`);

export const connectionUnavailable = (id: string): DittoError =>
  makeError(
    'connectivity:connection.unavailable',
    `The Connection with ID '${id}' is not available, please try again later.`,
  );

/** `commandType`: the command that nobody answered in time. */
export const connectionTimeout = (id: string, commandType: string): DittoError =>
  makeError(
    'connectivity:connection.timeout',
    `The operation '${commandType}' on connection '${id}' timed out.`,
  );

/** `description`: the concrete reason, in place of the default one. */
export const connectionFailed = (id: string, description?: string, cause?: unknown): DittoError =>
  makeError('connectivity:connection.failed', `The Connection with ID '${id}' failed to connect.`, {
    ...(description === undefined ? {} : { description }),
    cause,
  });

export const connectionConfigurationInvalid = (message: string, description?: string): DittoError =>
  makeError(
    'connectivity:connection.configuration.invalid',
    message,
    description === undefined ? {} : { description },
  );

export const connectionTypeNotChangeable = (id: string, connectionType: string): DittoError =>
  connectionConfigurationInvalid(
    `ConnectionType <${connectionType}> of existing connection <${id}> cannot be changed!`,
  );

/** connectivity/model/.../ConnectionSignalIdEnforcementFailedException.java */
export const connectionIdEnforcementFailed = (id: string): DittoError =>
  makeError(
    'connectivity:connection.id.enforcement.failed',
    `The configured filters could not be matched against the given target with ID '${id}'.`,
  );

export const connectionIdNotSettable = (): DittoError =>
  makeError('connectivity:id.notsettable', 'It is not allowed to provide an explicit ID for a connection.');

export const connectionsAmountIllegal = (limit: number): DittoError =>
  makeError(
    'connectivity:connections.amount.illegal',
    `The amount of requested connections exceeds the limit of '${limit}'.`,
  );

/** `text`: the body of `POST /api/2/connections/{id}/command`. */
export const connectivityCommandInvalid = (text: string): DittoError =>
  makeError('connectivity:command.invalid', `The command <${text}> is invalid or unknown.`);

/** The client is busy `connecting` or `disconnecting`; `retrySeconds`: when it will be done at the latest. */
export const connectionSignalIllegalWhile = (
  id: string,
  operation: string,
  retrySeconds?: number,
): DittoError =>
  makeError('connectivity:signal.illegal', `The Connection with ID '${id}' is ${operation}.`, {
    ...(retrySeconds === undefined
      ? {}
      : { description: `Please retry in ${retrySeconds} ${retrySeconds === 1 ? 'second' : 'seconds'}.` }),
  });

export const connectivityInternalError = (
  message = 'There was a rare case of an unexpected internal error.',
): DittoError => makeError('connectivity:internalerror', message);

const CONTENT_TYPE_MISSING = "Make sure you specify the 'Content-Type' when sending your message";

/** connectivity/model/.../MessageMappingFailedException.java; `contentType` of the message that could not be mapped. */
export function messageMappingFailed(
  contentType: string | undefined,
  description?: string,
  cause?: unknown,
): DittoError {
  const message = `The external message with content-type '${contentType ?? '<unspecified>'}' could not be mapped.`;
  const given = description ?? (contentType === undefined ? CONTENT_TYPE_MISSING : undefined);
  return makeError('connectivity:message.mapping.failed', message, {
    ...(given === undefined ? {} : { description: given }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An option is missing or of no use: the mapper is left out and the default mapper takes its place. */
export const mapperConfigurationInvalid = (property: string): DittoError =>
  makeError(
    'connectivity:message.mapper.config.invalid',
    `The message mapper was not configured correctly as property '${property}' was missing from the mapper's configuration.`,
  );

/** The mapper cannot be made at all, and neither can the connection. */
export const mapperConfigurationFailed = (reason: string): DittoError =>
  makeError(
    'connectivity:message.mapper.config.failed',
    `The message mapper configuration failed due to: ${reason}`,
  );
