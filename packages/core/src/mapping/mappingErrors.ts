import { messageMappingFailed } from '../errors/connectivityErrors.ts';
import { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { unspecificFailureOf } from '../errors/unspecificFailure.ts';

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

/** As `mapperConfigurationInvalid`, for an option that is there but wrong. */
export const mapperOptionInvalid = (error: DittoError, description: string): DittoError =>
  makeError('connectivity:message.mapper.config.invalid', error.message, {
    description: error.description ?? description,
  });
