import { DittoError } from './dittoError.ts';
import { errorClasses } from './errorClasses.ts';

/** Where an error differs from what the registry has for its code. */
export interface RegisteredOverrides {
  readonly status?: number;
  readonly description?: string;
}

/** An error of a code that Ditto's registry knows, with the status, the description and the link that the registry has. */
export function registeredError(
  code: string,
  message: string,
  overrides: RegisteredOverrides = {},
): DittoError {
  const [, status = 500, description, href] = errorClasses[code] ?? ['', 500];
  return new DittoError({ status, description, href, ...overrides, code, message });
}
