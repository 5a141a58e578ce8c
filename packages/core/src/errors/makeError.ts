import { DittoError, type DittoErrorParts } from './dittoError.ts';
import { type ErrorCode, errorCodes } from './errorCodes.ts';

type Overrides = Partial<Omit<DittoErrorParts, 'code' | 'message'>>;

/** An error of the table: status and description are the table's unless given. `description: undefined` leaves it out. */
export function makeError(
  code: ErrorCode,
  message: string | undefined,
  overrides: Overrides = {},
): DittoError {
  const { status, description } = errorCodes[code];
  return new DittoError({ status, description, ...overrides, code, message });
}
