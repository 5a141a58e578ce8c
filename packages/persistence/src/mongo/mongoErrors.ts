import { StoreError } from '@hawser/core';

const DUPLICATE_KEY = 11_000;

/** Answers that say for certain that nothing was written, and that trying again would not help. */
const DEFINITE_CODES: ReadonlySet<number> = new Set([
  13, // Unauthorized
  18, // AuthenticationFailed
  121, // DocumentValidationFailure
  8000, // AtlasError
]);

const TOO_LARGE_CODES: ReadonlySet<number> = new Set([10_334, 17_419, 17_420]);

const codeOf = (error: unknown): number | undefined => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
};

export const isDuplicateKey = (error: unknown): boolean => codeOf(error) === DUPLICATE_KEY;

/** False when a write may have happened although its answer was an error or did not come. */
export function isDefinite(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && (DEFINITE_CODES.has(code) || TOO_LARGE_CODES.has(code));
}

/** The store's refusal for what the driver threw. Its text holds no user info of a URI. */
export function toStoreError(error: unknown, at: { pid?: string; sn?: number } = {}): StoreError {
  if (error instanceof StoreError) return error;
  const message = redact(error instanceof Error ? error.message : String(error));
  const isTooLarge = TOO_LARGE_CODES.has(codeOf(error) ?? 0);
  return new StoreError(isTooLarge ? 'tooLarge' : 'unavailable', message, { ...at });
}

/** User info of every URI in the text is left out. */
export const redact = (text: string): string => text.replace(/\/\/[^/\s]*@/g, '//***@');
