import { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { unspecificFailureOf } from '../errors/unspecificFailure.ts';

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

const CONTENT_TYPE_MISSING = "Make sure you specify the 'Content-Type' when sending your message";

/** More messages than a mapper may make of one. */
export function tooManyMappedMessages(mapper: string, produced: number, limit: number): DittoError {
  return makeError(
    'connectivity:message.mapping.failed',
    'The number of messages produced by the payload mapping exceeded the limits.',
    {
      description: `The payload mapping '${mapper}' produced ${produced} messages, which exceeds the limit of ${limit}.`,
    },
  );
}

/** A Ditto error as it is; a failure for which Ditto has none as a failed mapping that names it. */
export function toMappingError(
  error: unknown,
  direction: 'inbound' | 'outbound',
  mapper: string,
  contentType: string | undefined,
): DittoError {
  const unspecific = unspecificFailureOf(error);
  if (error instanceof DittoError && unspecific === undefined) return error;
  const { exception, message } = unspecific ?? foreign(error);
  return messageMappingFailed(
    contentType,
    `Could not map ${direction} message with mapper '${mapper}' due to unknown problem: ${exception} ${message}`,
    error,
  );
}

const foreign = (error: unknown): { readonly exception: string; readonly message: string } =>
  error instanceof Error
    ? { exception: error.name, message: error.message }
    : { exception: 'Error', message: String(error) };

/** An option is missing or of no use: the mapper is left out and the default mapper takes its place. */
export const mapperOptionMissing = (property: string): DittoError =>
  makeError(
    'connectivity:message.mapper.config.invalid',
    `The message mapper was not configured correctly as property '${property}' was missing from the mapper's configuration.`,
  );

/** As `mapperOptionMissing`, for an option that is there but wrong. */
export const mapperOptionInvalid = (error: DittoError, description: string): DittoError =>
  makeError('connectivity:message.mapper.config.invalid', error.message, {
    description: error.description ?? description,
  });

/** The mapper cannot be made at all, and neither can the connection. */
export const mapperConfigurationFailed = (reason: string): DittoError =>
  makeError(
    'connectivity:message.mapper.config.failed',
    `The message mapper configuration failed due to: ${reason}`,
  );
