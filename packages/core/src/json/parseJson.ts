import { JsonNumber, type JsonObject, type JsonValue } from './jsonValue.ts';

/** Thrown by `parseJson` for text that is no JSON; callers turn it into the Ditto error of their place. */
export class JsonSyntaxError extends Error {
  /** `depth`: nested deeper than allowed; `range`: a number beyond what the reader holds; `syntax`: no JSON. */
  readonly reason: 'syntax' | 'depth' | 'range';

  constructor(message: string, reason: 'syntax' | 'depth' | 'range' = 'syntax') {
    super(message);
    this.reason = reason;
  }
}

export interface ParseJsonOptions {
  /** Deepest nesting accepted; deeper text is refused before anything recursive sees it. */
  readonly maxDepth?: number;
}

const DEFAULT_MAX_DEPTH = 200;
/** Numbers that a double may not hold: a long run of digits, or a large exponent; not the likes of `device001`. */
const UNSAFE_NUMBER = /\d{16}|\d[eE][+-]?\d{3}/;

/**
 * Reads JSON text without losing a number: what fits a double becomes one, anything else a `JsonNumber`.
 * Duplicate keys: the last wins. `__proto__` is an ordinary own key.
 *
 * @throws JsonSyntaxError
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): JsonValue {
  const maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
  if (text.length > maxDepth && hasMoreOpenings(text, maxDepth)) refuseTooDeep(text, maxDepth);
  if (UNSAFE_NUMBER.test(text)) return new ExactReader(text).read();
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new JsonSyntaxError((error as Error).message);
  }
}

/** Whether more than so many brackets open, those in strings included: with fewer no text is too deep. */
function hasMoreOpenings(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of OPENINGS)
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++count > limit) return true;
  return false;
}

const OPENINGS = ['{', '['] as const;

function refuseTooDeep(text: string, maxDepth: number): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) throw new JsonSyntaxError(`nested deeper than ${maxDepth} levels`, 'depth');
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const BLANK = /[ \t\n\r]*/y;

/** The slow reader, used only for text with numbers that `JSON.parse` would round. Depth was bounded before. */
class ExactReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    const value = this.#value();
    this.#blank();
    if (this.#at !== this.#text.length) this.#fail();
    return value;
  }

  #value(): JsonValue {
    this.#blank();
    const c = this.#text[this.#at];
    if (c === '{') return this.#object();
    if (c === '[') return this.#array();
    if (c === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return exactNumber(this.#match(NUMBER));
  }

  #object(): JsonObject {
    const object: Record<string, JsonValue> = {};
    this.#at++;
    this.#blank();
    if (this.#skip('}')) return object;
    do {
      this.#blank();
      const key = this.#string();
      this.#blank();
      if (!this.#skip(':')) this.#fail();
      const value = this.#value();
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
      this.#blank();
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#fail();
    return object;
  }

  #array(): JsonValue[] {
    const array: JsonValue[] = [];
    this.#at++;
    this.#blank();
    if (this.#skip(']')) return array;
    do {
      array.push(this.#value());
      this.#blank();
    } while (this.#skip(','));
    if (!this.#skip(']')) this.#fail();
    return array;
  }

  #string(): string {
    return JSON.parse(this.#match(STRING)) as string;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return this.#fail();
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #skip(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #blank(): void {
    BLANK.lastIndex = this.#at;
    BLANK.exec(this.#text);
    this.#at = BLANK.lastIndex;
  }

  #fail(): never {
    throw new JsonSyntaxError(`unexpected input at position ${this.#at}`);
  }
}

function exactNumber(text: string): number | JsonNumber {
  const double = Number(text);
  if (Number.isSafeInteger(double)) return double;
  const isInteger = /^-?\d+$/.test(text);
  if (isInteger ? String(double) === text : Number.isFinite(double) && significant(text).length <= 15)
    return double;
  return new JsonNumber(text);
}

/** The digits that carry a number's precision: no sign, point, exponent, leading or trailing zeros. */
function significant(text: string): string {
  return text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
}
