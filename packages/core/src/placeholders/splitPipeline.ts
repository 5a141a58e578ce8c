/** One placeholder and ten functions (placeholders/.../ImmutableExpressionResolver.java); more are too complex. */
export const MAX_STAGES = 11;

/** Java's `String.trim`: removes characters up to U+0020 at both ends. */
export function javaTrim(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) <= 0x20) from++;
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to--;
  return text.slice(from, to);
}

/**
 * Cuts an expression at its pipes, in one pass. A pipe inside quotes does not cut; a backslash keeps a quote from ending its string.
 * At most `MAX_STAGES + 1` stages are returned, so that a caller sees that there are too many.
 *
 * @returns the stages without blanks around them, or undefined for an empty stage or an open quote
 */
export function splitPipeline(expression: string): readonly string[] | undefined {
  const stages: string[] = [];
  let from = 0;
  let at = 0;
  while (at <= expression.length) {
    const c = expression[at];
    if (c === undefined || c === '|') {
      if (at === from) return undefined;
      if (stages.length <= MAX_STAGES) stages.push(javaTrim(expression.slice(from, at)));
      from = at + 1;
    } else if (c === "'" || c === '"') {
      at = endOfQuoted(expression, at);
      if (at < 0) return undefined;
    }
    at++;
  }
  return stages;
}

/** Position of the quote that closes the one at `open`, or -1. */
export function endOfQuoted(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] === quote) at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}
