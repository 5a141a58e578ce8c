const MAX_CHARS = 200;

/** A text of a client for the log: cut, and nothing but a text. Line breaks and escapes are the log's to quote. */
export const cut = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, MAX_CHARS) : undefined;
