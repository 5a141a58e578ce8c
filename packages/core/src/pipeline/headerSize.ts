import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';

/** @throws DittoError `headers.too.large` (edge/service/.../headers/DefaultDittoHeadersValidator.java) */
export function checkHeaderSize(headers: DittoHeaders, maxSize: number): void {
  let size = 0;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  if (size > maxSize)
    throw tooLarge(
      `The number of bytes exceeded the maximum allowed value <${maxSize.toLocaleString('en-US')}>!`,
    );
}

/** @throws DittoError `headers.too.large` */
export function checkAuthSubjects(subjects: readonly string[], max: number): void {
  if (subjects.length > max)
    throw tooLarge(
      `The number of authorization subjects <${subjects.length}> exceeded the maximum allowed value <${max}>.`,
    );
}

const tooLarge = (description: string): DittoError =>
  makeError('headers.too.large', 'The headers are too large.', { description });
