import { textOf } from '../json/items.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { valueAt } from '../json/valueAt.ts';
import { parsePointer } from '../protocol/pointer.ts';
import { joinEach } from './product.ts';

/** A piece of the template of `fn:format`; a section repeats its inner pieces for each element of an array. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'field' } & Named)
  | ({ readonly kind: 'section'; readonly inner: readonly Piece[] } & Named);

interface Named {
  readonly name: string;
  /** Undefined for a name that is no valid pointer. */
  readonly path: readonly string[] | undefined;
}

interface OpenSection {
  readonly name: string;
  readonly pieces: Piece[];
}

const MAX_NESTED_SECTIONS = 20;

/**
 * Compiles the template of `fn:format` (placeholders/.../PipelineFunctionFormat.java): `{field}` or `{/a/b}` is replaced,
 * `{#array}…{/array}` repeated, `{.}` is the element; `\{` and `\}` are braces. One pass over the template.
 *
 * @returns what becomes of one input value: nothing for a value that is no JSON object; undefined for a section without end
 */
export function compileFormat(template: string): ((value: string) => readonly string[]) | undefined {
  const pieces = readPieces(template);
  if (pieces === undefined) return undefined;
  return (value) => {
    const object = readObject(value);
    return object === undefined ? [] : render(pieces, object);
  };
}

const TAG = /\\\{|\{[^}]+\}/g;

function readPieces(template: string): readonly Piece[] | undefined {
  const open: OpenSection[] = [{ name: '', pieces: [] }];
  let textFrom = 0;
  // beyond the last closing brace nothing can match, and every opening brace there would be searched to the end
  for (const { 0: tag, index } of template.slice(0, template.lastIndexOf('}') + 1).matchAll(TAG)) {
    const content = tag.slice(1, -1);
    const isEnd = content.length > 1 && content.startsWith('/') && !content.includes('/', 1);
    const isStray = isEnd && !open.some(({ name }) => name === content.slice(1));
    const current = open.at(-1);
    if (current === undefined || tag === '\\{' || content === '#' || isStray) continue;
    addText(current.pieces, template.slice(textFrom, index));
    textFrom = index + tag.length;
    if (isEnd) {
      if (current.name !== content.slice(1)) return undefined;
      open.pop();
      open.at(-1)?.pieces.push({ kind: 'section', ...named(current.name), inner: current.pieces });
    } else if (content.startsWith('#')) {
      if (open.length > MAX_NESTED_SECTIONS) return undefined;
      open.push({ name: content.slice(1), pieces: [] });
    } else current.pieces.push({ kind: 'field', ...named(content) });
  }
  const [root] = open;
  if (open.length !== 1 || root === undefined) return undefined;
  addText(root.pieces, template.slice(textFrom));
  return root.pieces;
}

/** An invalid pointer is an error of the value that meets it, not of the template. */
const named = (name: string): Named => ({
  name,
  path: name.includes('//') ? undefined : parsePointer(name),
});

function addText(pieces: Piece[], text: string): void {
  if (text !== '') pieces.push({ kind: 'text', text: text.replace(/\\([{}])/g, '$1') });
}

function readObject(value: string): JsonObject | undefined {
  try {
    const json = parseJson(value);
    return json === null ? {} : isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const render = (pieces: readonly Piece[], object: JsonObject): readonly string[] =>
  joinEach(pieces.map((piece) => renderPiece(piece, object)));

function renderPiece(piece: Piece, object: JsonObject): readonly string[] {
  if (piece.kind === 'text') return [piece.text];
  const value = valueAt(object, piece.path ?? parsePointer(piece.name));
  if (value === undefined || value === null || (isJsonArray(value) && value.length === 0)) return [''];
  const elements = isJsonArray(value) ? value : [value];
  if (piece.kind === 'field') return elements.map(textOf);
  return elements.flatMap((element) => renderElement(piece.inner, element));
}

/** In an element that is no object only `{.}` means something. */
function renderElement(pieces: readonly Piece[], element: JsonValue): readonly string[] {
  if (isJsonObject(element)) return render(pieces, element);
  return joinEach(
    pieces.map((piece) => {
      if (piece.kind === 'text') return [piece.text];
      return [piece.kind === 'field' && piece.name === '.' ? textOf(element) : ''];
    }),
  );
}
