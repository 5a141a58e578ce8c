import { DittoError } from './dittoError.ts';
import { makeError } from './makeError.ts';

/**
 * Cause of a refusal for which Ditto has no error of its own: it throws a plain Java exception there, which
 * is logged (or turned into a mapping failure) but never answered (connectivity/service/.../InboundDispatchingSink.java).
 */
export class UnspecificFailure extends Error {
  override readonly name = 'UnspecificFailure';
  /** Simple name of Ditto's exception, e.g. `DateTimeParseException`. */
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

/** A `json.invalid` refusal whose cause tells that Ditto answers it with no error. */
export const unspecificError = (exception: string, message: string): DittoError =>
  makeError('json.invalid', message, { cause: new UnspecificFailure(exception, message) });

/** The plain exception behind an error; undefined for errors that Ditto answers. */
export function unspecificFailureOf(error: unknown): UnspecificFailure | undefined {
  return error instanceof DittoError && error.cause instanceof UnspecificFailure ? error.cause : undefined;
}
