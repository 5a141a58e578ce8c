import { RE2JS } from 're2js';

/**
 * The cutter of `fn:split` (placeholders/.../PipelineFunctionSplit.java): a value that holds the separator literally is cut
 * by the separator read as a regular expression (Java's `String.split`: trailing empty parts dropped); others stay whole.
 * The expression runs in linear time; what that engine does not know (look-around, back references) is refused.
 *
 * @returns a cutter, or the reason why the separator is no pattern; it matters only for values that hold it
 */
export function compileSplitter(
  separator: string,
): { readonly split: (value: string) => readonly string[] } | { readonly invalid: string } {
  if (separator === '') return { split: (value) => (value === '' ? [value] : value.split('')) };
  const literal = literalOf(separator);
  if (literal !== undefined) return { split: (value) => withoutTrailingEmpty(value.split(literal)) };
  const invalid = 'The separator is no supported regular expression.';
  if (hasBareBrace(separator)) return { invalid };
  try {
    const pattern = RE2JS.compile(separator);
    return { split: (value) => splitBy(pattern, value) };
  } catch {
    return { invalid };
  }
}

/** The text that a separator without (unescaped) special characters stands for. */
function literalOf(separator: string): string | undefined {
  if (!/[\\^$.|?*+()[\]{}]/.test(separator)) return separator;
  if (/^\\[^\w\s]$/.test(separator)) return separator.slice(1);
  return undefined;
}

/** Java refuses a brace that opens no repetition; the linear engine would take it literally. */
const hasBareBrace = (separator: string): boolean =>
  /(?:^|[^\\])(?:\\\\)*\{(?!\d)/.test(separator.replace(/\[[^\]]*\]|\\[pPx]\{/g, ''));

function splitBy(pattern: RE2JS, value: string): readonly string[] {
  const parts: string[] = [];
  const matcher = pattern.matcher(value);
  let from = 0;
  while (matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    // no empty part before a match of nothing at the very beginning
    if (from === 0 && start === 0 && end === 0) continue;
    parts.push(value.slice(from, start));
    from = end;
  }
  if (from === 0) return [value];
  parts.push(value.slice(from));
  return withoutTrailingEmpty(parts);
}

function withoutTrailingEmpty(parts: readonly string[]): readonly string[] {
  let length = parts.length;
  while (length > 0 && parts[length - 1] === '') length--;
  return parts.slice(0, length);
}
