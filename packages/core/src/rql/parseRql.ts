import { JsonNumber } from '../json/jsonValue.ts';
import type { Placeholder } from '../placeholders/placeholder.ts';
import {
  type ComparisonOperator,
  comparisonOperators,
  type RqlLiteral,
  type RqlNode,
  type RqlPlaceholderLiteral,
} from './ast.ts';
import { rqlInvalid } from './rqlError.ts';
import { fieldOf, lookupOf } from './rqlField.ts';

export interface ParseRqlOptions {
  /** What may stand for a field beside the fields of a thing. */
  readonly placeholders?: readonly Placeholder[];
}

/** Deepest nesting of `and`, `or` and `not`. */
const MAX_DEPTH = 100;

/**
 * Reads an RQL filter: Ditto's grammar, its fields and its literals
 * (rql/parser/.../RqlPredicateParser.scala, rql/query/.../ParameterPredicateVisitor.java).
 *
 * @throws DittoError `rql.expression.invalid`
 */
export function parseRql(text: string, options: ParseRqlOptions = {}): RqlNode {
  const placeholders = options.placeholders ?? [];
  return resolveFields(new RqlReader(text, placeholders).read(), placeholders);
}

type RawNode =
  | { readonly op: ComparisonOperator; readonly property: string; readonly value: RqlLiteral }
  | { readonly op: 'in'; readonly property: string; readonly values: readonly RqlLiteral[] }
  | { readonly op: 'exists' | 'empty'; readonly property: string }
  | { readonly op: 'and' | 'or'; readonly nodes: readonly RawNode[] }
  | { readonly op: 'not'; readonly node: RawNode };

/** Fields are looked up after the whole text was read: a syntax error anywhere comes before an unknown property. */
function resolveFields(node: RawNode, placeholders: readonly Placeholder[]): RqlNode {
  switch (node.op) {
    case 'and':
    case 'or':
      return { op: node.op, nodes: node.nodes.map((child) => resolveFields(child, placeholders)) };
    case 'not':
      return { op: 'not', node: resolveFields(node.node, placeholders) };
    case 'exists':
    case 'empty':
      return { ...node, field: fieldOf(node.property, 'presence', placeholders) };
    case 'in':
      return { ...node, field: fieldOf(node.property, 'comparison', placeholders) };
    default: {
      const field = fieldOf(node.property, 'comparison', placeholders);
      if ((node.op === 'like' || node.op === 'ilike') && typeof node.value !== 'string')
        throw rqlInvalid(`In the ${node.op} predicate only string values are allowed.`);
      return { ...node, field };
    }
  }
}

const BLANKS = /[ \n\r\t\f]*/y;
const OPERATOR = /(?:and|or|not|in|exists|empty|eq|ne|gt|ge|lt|le|like|ilike)(?=\()/y;
/** Any characters but `,` `)` `"` and the backslash, which starts an escape. */
const PROPERTY = /(?:[^,)"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const DOUBLE_QUOTED = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SINGLE_QUOTED = /'(?:[^'\\]|\\(?:['\\/bfnrt]|u[0-9a-fA-F]{4}))*'/y;
const DOUBLE = /[+-]?(?:[1-9]\d+|\d)\.\d+/y;
const LONG = /(?!-0)[+-]?(?:[1-9]\d+|\d)/y;
const WORD = /true|false|null/y;
const PLACEHOLDER = /time:(?:[^,)"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

const isComparison = (word: string): word is ComparisonOperator =>
  (comparisonOperators as readonly string[]).includes(word);

class RqlReader {
  readonly #text: string;
  readonly #placeholders: readonly Placeholder[];
  #at = 0;

  constructor(text: string, placeholders: readonly Placeholder[]) {
    this.#text = text;
    this.#placeholders = placeholders;
  }

  read(): RawNode {
    this.#match(BLANKS);
    const node = this.#query(1);
    if (this.#at < this.#text.length) this.#fail('the end of input');
    return node;
  }

  #query(depth: number): RawNode {
    if (depth > MAX_DEPTH)
      throw rqlInvalid(`The RQL expression is nested deeper than <${MAX_DEPTH}> levels.`);
    const op = this.#match(OPERATOR) ?? this.#fail('a query');
    this.#expect('(');
    const node = this.#operands(op, depth);
    this.#expect(')');
    return node;
  }

  #operands(op: string, depth: number): RawNode {
    if (op === 'and' || op === 'or') return { op, nodes: this.#queries(depth + 1) };
    if (op === 'not') return { op, node: this.#query(depth + 1) };
    const property = unescaped(this.#match(PROPERTY) ?? '');
    if (op === 'exists' || op === 'empty') return { op, property };
    this.#expect(',');
    if (isComparison(op)) return { op, property, value: this.#literal() };
    const values = [this.#literal()];
    while (this.#skip(',')) values.push(this.#literal());
    return { op: 'in', property, values };
  }

  #queries(depth: number): readonly RawNode[] {
    const nodes = [this.#query(depth)];
    while (this.#skip(',')) {
      this.#match(BLANKS);
      nodes.push(this.#query(depth));
    }
    return nodes;
  }

  #literal(): RqlLiteral {
    const value = this.#bareLiteral();
    this.#match(BLANKS);
    return value;
  }

  #bareLiteral(): RqlLiteral {
    const double = this.#match(DOUBLE);
    if (double !== undefined) return doubleLiteral(double);
    const long = this.#match(LONG);
    if (long !== undefined) return longLiteral(long);
    const quoted = this.#match(DOUBLE_QUOTED) ?? this.#match(SINGLE_QUOTED);
    if (quoted !== undefined) return unescaped(quoted.slice(1, -1));
    const placeholder = this.#match(PLACEHOLDER);
    if (placeholder !== undefined) return placeholderLiteral(placeholder, this.#placeholders);
    const word = this.#match(WORD);
    if (word === undefined) return this.#fail('a literal');
    return word === 'null' ? null : word === 'true';
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #skip(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#skip(char)) this.#fail(`'${char}'`);
  }

  #fail(expected: string): never {
    const before = this.#text.slice(0, this.#at);
    const lineStart = before.lastIndexOf('\n') + 1;
    const line = before.split('\n').length;
    const column = this.#at - lineStart + 1;
    const found = this.#text[this.#at];
    const what = found === undefined ? 'Unexpected end of input' : `Invalid input '${found}'`;
    const excerpt = this.#text.slice(lineStart).split('\n', 1)[0] ?? '';
    throw rqlInvalid(
      `${what}, expected ${expected} (line ${line}, column ${column}):\n${excerpt}\n${' '.repeat(column - 1)}^`,
    );
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const MAX_LONG = 2n ** 63n - 1n;

function longLiteral(text: string): number | JsonNumber {
  const value = BigInt(text.replace('+', ''));
  if (value > MAX_LONG || value < -MAX_LONG - 1n)
    throw rqlInvalid(`Unknown error during parsing predicate: For input string: "${text}"`);
  return Number.isSafeInteger(Number(value)) ? Number(value) : new JsonNumber(value.toString());
}

function doubleLiteral(text: string): number | JsonNumber {
  const unsigned = text.replace('+', '');
  const value = Number(unsigned);
  return text.length <= 16 && !/e/.test(String(value)) ? value : new JsonNumber(unsigned);
}

function placeholderLiteral(text: string, placeholders: readonly Placeholder[]): RqlPlaceholderLiteral {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, colon);
  const name = text.slice(colon + 1);
  return { prefix, name, lookup: lookupOf(prefix, name, placeholders) };
}
