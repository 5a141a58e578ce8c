import { makeError } from '../errors/makeError.ts';
import { parsePointer } from '../protocol/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './jsonValue.ts';

/** The keys from the root to a value; empty for the root itself. */
export type JsonPointer = readonly string[];

/** Deepest nesting of parentheses; deeper selectors are refused like unbalanced ones. */
const MAX_DEPTH = 50;

/**
 * Reads `id,attributes(a,b/c)` into its pointers, in order and without duplicates (json/.../ImmutableJsonFieldSelectorFactory.java).
 * Commas inside a `{{ placeholder }}` do not separate.
 *
 * @throws DittoError `json.fieldselector.invalid`, `json.pointer.invalid`
 */
export function parseFieldSelector(text: string): readonly JsonPointer[] {
  if (text === '' || !hasBalancedParentheses(text)) throw fieldSelectorInvalid(text);
  const unique = new Map<string, JsonPointer>();
  for (const pointer of expand(text, text, 0)) unique.set(pointer.join('\0'), pointer);
  return [...unique.values()];
}

const fieldSelectorInvalid = (text: string) =>
  makeError('json.fieldselector.invalid', `The field selector <${text}> is invalid!`);

function hasBalancedParentheses(text: string): boolean {
  if (!text.includes('(')) return true;
  let open = 0;
  for (const c of text) open += c === '(' ? 1 : c === ')' ? -1 : 0;
  return open === 0;
}

function expand(selector: string, whole: string, depth: number): JsonPointer[] {
  if (depth > MAX_DEPTH) throw fieldSelectorInvalid(whole);
  return splitAtTopLevel(selector).flatMap(({ text, opening }) => {
    if (opening < 0 || opening > text.indexOf(')')) return [parsePointer(text)];
    const root = parsePointer(text.slice(0, opening));
    return expand(text.slice(opening + 1, -1), whole, depth + 1).map((pointer) => [...root, ...pointer]);
  });
}

interface Part {
  readonly text: string;
  /** Where its first opening parenthesis outside of placeholders is, or -1. */
  readonly opening: number;
}

/** Cuts at commas that are in neither parentheses nor placeholders. */
function splitAtTopLevel(selector: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let open = 0;
  let opening = -1;
  const lastClosing = selector.lastIndexOf('}}');
  for (let i = 0; i < selector.length; i++) {
    const c = selector[i];
    if (c === '{' && selector[i + 1] === '{') {
      i = i < lastClosing ? selector.indexOf('}}', i) + 1 : i + 1;
    } else if (c === '(') {
      if (opening < 0) opening = i - start;
      open++;
    } else if (c === ')') open--;
    else if (c === ',' && open <= 0) {
      parts.push({ text: selector.slice(start, i), opening });
      start = i + 1;
      opening = -1;
    }
  }
  parts.push({ text: selector.slice(start), opening });
  return parts;
}

interface SelectionTree {
  readonly children: Map<string, SelectionTree>;
}

/**
 * The selected fields in the order of the pointers (json/.../ImmutableJsonObject.java, `get(JsonFieldSelector)`).
 * A pointer into an array or a plain value selects the whole of it; a pointer to a missing key selects nothing.
 */
export function selectFields(object: JsonObject, pointers: readonly JsonPointer[]): JsonObject {
  const tree: SelectionTree = { children: new Map() };
  for (const pointer of pointers) {
    if (!leadsSomewhere(object, pointer)) continue;
    let node = tree;
    for (const key of pointer) {
      const child = node.children.get(key) ?? { children: new Map() };
      node.children.set(key, child);
      node = child;
    }
  }
  return tree.children.size === 0 ? {} : filter(object, tree);
}

function leadsSomewhere(object: JsonObject, pointer: JsonPointer): boolean {
  let value: JsonValue | undefined = object;
  for (const key of pointer) {
    if (!isJsonObject(value)) return true;
    if (!Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return true;
}

function filter(object: JsonObject, tree: SelectionTree): JsonObject {
  if (tree.children.size === 0) return object;
  const selected = [...tree.children].flatMap(([key, child]): [string, JsonValue | undefined][] => {
    if (!Object.hasOwn(object, key)) return [];
    const value = object[key];
    return [[key, isJsonObject(value) ? filter(value, child) : value]];
  });
  return Object.fromEntries(selected);
}
