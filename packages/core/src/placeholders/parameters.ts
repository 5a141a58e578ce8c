import { isJavaBlank, skipBlanks } from './scanTemplate.ts';
import { endOfQuoted } from './splitPipeline.ts';

/** A parameter of a function as written: a constant in quotes, or something to resolve. */
export type Parameter =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly expression: string };

/** True for `( )` with nothing but blanks in between. */
export function areEmptyParameters(text: string): boolean {
  return text.startsWith('(') && skipBlanks(text, 1) === text.length - 1 && text.endsWith(')');
}

/**
 * Reads `(p1,p2,…)`: constants in quotes and, where `allowPlaceholders`, `prefix:name`
 * (placeholders/.../PipelineFunctionParameterResolverFactory.java). Ditto's pattern gives a placeholder as many characters
 * as fit, may end it with a closing parenthesis, and ignores what stands between a blank and the next comma or
 * parenthesis. The outcome is fixed by where a run of characters ends, so that one pass finds it.
 *
 * @returns undefined when the text is no such list or its length is not within `min` to `max`
 */
export function parseParameters(
  text: string,
  min: number,
  max: number,
  allowPlaceholders: boolean,
): readonly Parameter[] | undefined {
  if (!text.startsWith('(')) return undefined;
  const parameters: Parameter[] = [];
  let at = 1;
  while (parameters.length < max) {
    const read = readQuoted(text, at) ?? (allowPlaceholders ? readPlaceholder(text, at) : undefined);
    if (read === undefined) return undefined;
    parameters.push(read.parameter);
    if (read.end === text.length - 1 && text[read.end] === ')')
      return parameters.length < min ? undefined : parameters;
    if (text[read.end] !== ',') return undefined;
    at = read.end + 1;
  }
  return undefined;
}

interface Read {
  readonly parameter: Parameter;
  /** Position of the separator after it. */
  readonly end: number;
}

function readQuoted(text: string, from: number): Read | undefined {
  const open = skipBlanks(text, from);
  if (text[open] !== "'" && text[open] !== '"') return undefined;
  const close = endOfQuoted(text, open);
  if (close < 0) return undefined;
  return {
    parameter: { kind: 'text', text: text.slice(open + 1, close) },
    end: skipBlanks(text, close + 1),
  };
}

function readPlaceholder(text: string, from: number): Read | undefined {
  const start = skipBlanks(text, from);
  let colon = start;
  while (isWord(text.charCodeAt(colon))) colon++;
  if (colon === start || text[colon] !== ':') return undefined;
  let runEnd = colon + 1;
  while (runEnd < text.length && text[runEnd] !== ',' && !isJavaBlank(text.charCodeAt(runEnd))) runEnd++;
  if (runEnd === text.length) {
    const last = text.length - 1;
    return text[last] === ')' && last > colon + 1 ? placeholder(text, start, last, last) : undefined;
  }
  if (runEnd === colon + 1) return undefined;
  let end = runEnd;
  while (end < text.length && text[end] !== ',' && text[end] !== ')') end++;
  return placeholder(text, start, runEnd, end);
}

const placeholder = (text: string, start: number, runEnd: number, end: number): Read => ({
  parameter: { kind: 'placeholder', expression: text.slice(start, runEnd) },
  end,
});

/** Java's `\w`. */
const isWord = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x5f;
