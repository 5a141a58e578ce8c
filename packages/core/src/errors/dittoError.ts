import type { JsonObject } from '../json/jsonValue.ts';

export interface DittoErrorParts {
  readonly status: number;
  /** Ditto's error code, e.g. `connectivity:connection.notfound`. Errors are told apart by it. */
  readonly code: string;
  /** Absent where Ditto's exception has none: then the JSON form has no `message`. */
  readonly message?: string | undefined;
  readonly description?: string | undefined;
  readonly href?: string | undefined;
  /** Further members of the JSON form, written after `href` (e.g. `invalidHeaderKey`). */
  readonly details?: JsonObject | undefined;
  /** Ditto headers that travel with the error. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly cause?: unknown;
}

/**
 * Every refusal that a user can see, in Ditto's form (base/model/.../exceptions/DittoRuntimeException.java).
 * Made by the functions beside the table of codes (`errorCodes.ts`), never by hand elsewhere.
 */
export class DittoError extends Error {
  override readonly name = 'DittoError';
  readonly status: number;
  readonly code: string;
  readonly description: string | undefined;
  readonly href: string | undefined;
  readonly details: JsonObject | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly #hasMessage: boolean;

  constructor(parts: DittoErrorParts) {
    super(parts.message ?? '', parts.cause === undefined ? undefined : { cause: parts.cause });
    this.status = parts.status;
    this.code = parts.code;
    this.description = parts.description;
    this.href = parts.href;
    this.details = parts.details;
    this.headers = parts.headers ?? {};
    this.#hasMessage = parts.message !== undefined;
  }

  /** The wire form: `{status, error, message?, description?, href?}`; absent parts are left out. The only renderer. */
  toJson(): JsonObject {
    return {
      status: this.status,
      error: this.code,
      ...(this.#hasMessage ? { message: this.message } : {}),
      ...(this.description === undefined ? {} : { description: this.description }),
      ...(this.href === undefined ? {} : { href: this.href }),
      ...this.details,
    };
  }

  /** The same error with Ditto headers set (e.g. the correlation id of the command that failed). */
  withHeaders(headers: Readonly<Record<string, string>>): DittoError {
    return new DittoError({ ...this.#parts(), headers: { ...this.headers, ...headers } });
  }

  #parts(): DittoErrorParts {
    const { status, code, description, href, details, headers, cause } = this;
    const message = this.#hasMessage ? this.message : undefined;
    return { status, code, message, description, href, details, headers, cause };
  }
}

export function isDittoError(error: unknown, code?: string): error is DittoError {
  return error instanceof DittoError && (code === undefined || error.code === code);
}
