import { isDittoError } from '../errors/dittoError.ts';
import { remember, rememberWeakly } from '../remember.ts';
import { compileExpression, type Evaluate } from './expression.ts';
import type { Placeholder, PlaceholderContext } from './placeholder.ts';
import { placeholderUnresolved } from './placeholderErrors.ts';
import { joinEach } from './product.ts';
import { DELETED, type Resolution, resolved, UNRESOLVED } from './resolution.ts';
import { scanTemplate } from './scanTemplate.ts';

/**
 * A template, parsed once. What it resolves to is text and is never read as a template again.
 * All functions throw `placeholder:*` for unknown placeholders and wrong functions (spec 07, 2 and 3).
 */
export interface CompiledTemplate {
  readonly text: string;
  /** Nothing to resolve: the text stands for itself, at no cost. */
  readonly isConstant: boolean;
  /** All values, or the state that says why there are none. */
  resolve(context: PlaceholderContext): Resolution;
  /** The first value; undefined when unresolved or deleted (`applyOrElseDelete`). */
  first(context: PlaceholderContext): string | undefined;
  /** The first value. @throws DittoError `placeholder:unresolved` with the whole template (`apply`) */
  require(context: PlaceholderContext): string;
  /** All values. @throws DittoError `placeholder:unresolved` with the whole template (`applyForAll`) */
  requireAll(context: PlaceholderContext): readonly string[];
  /** The first value, in which expressions that do not resolve stay as `{{…}}`. */
  partially(context: PlaceholderContext): string | undefined;
}

/** By the list of placeholders, which is a constant of its place. */
const compilerOf = rememberWeakly((placeholders: readonly Placeholder[]) =>
  remember((text) => compileParts(text, placeholders)),
);

/** Compiles a template for a place where these placeholders are allowed. Never throws: wrong templates throw when used. */
export function compileTemplate(text: string, placeholders: readonly Placeholder[]): CompiledTemplate {
  return text.includes('{') ? compilerOf(placeholders)(text) : constantTemplate(text);
}

function compileParts(text: string, placeholders: readonly Placeholder[]): CompiledTemplate {
  // Members one by one: spreading a part here took most of the time of a compilation.
  const parts = scanTemplate(text).map(({ kind, text: content }) => ({
    kind,
    text: content,
    evaluate: kind === 'literal' ? constant(content) : compileExpression(content, placeholders),
  }));
  if (parts.every(({ kind }) => kind === 'literal')) return constantTemplate(text);
  const elements = parts.map(({ evaluate }) => evaluate);
  const partial = parts.map((part) => (part.kind === 'literal' ? part.evaluate : keepUnresolved(part)));
  const first = (context: PlaceholderContext): string | undefined => firstOf(elements, context);
  return {
    text,
    isConstant: false,
    resolve: (context) => allOf(elements, context),
    first,
    require: (context) => {
      const value = first(context);
      if (value === undefined) throw placeholderUnresolved(text);
      return value;
    },
    requireAll: (context) => {
      const { state, values } = allOf(elements, context);
      if (state !== 'resolved') throw placeholderUnresolved(text);
      return values;
    },
    partially: (context) => firstOf(partial, context),
  };
}

function constant(text: string): Evaluate {
  const resolution = resolved([text]);
  return () => resolution;
}

function constantTemplate(text: string): CompiledTemplate {
  const resolution = resolved([text]);
  const value = (): string => text;
  return {
    text,
    isConstant: true,
    resolve: () => resolution,
    first: value,
    require: value,
    requireAll: () => resolution.values,
    partially: value,
  };
}

/** Deleted parts are left out, an unresolved one takes the rest with it. Every part is evaluated, for its errors. */
function evaluateAll(
  elements: readonly Evaluate[],
  context: PlaceholderContext,
): readonly Resolution[] | Resolution {
  const kept = elements
    .map((evaluate) => evaluate(context))
    .filter((resolution) => resolution.state !== 'deleted');
  if (kept.length === 0) return DELETED;
  return kept.some(({ state }) => state === 'unresolved') ? UNRESOLVED : kept;
}

function allOf(elements: readonly Evaluate[], context: PlaceholderContext): Resolution {
  const kept = evaluateAll(elements, context);
  if ('state' in kept) return kept;
  const [only] = kept;
  if (only !== undefined && kept.length === 1) return only;
  return resolved(joinEach(kept.map(({ values }) => values)));
}

/** As `allOf`, for the first value of each part alone: the way of most messages, so that nothing is collected on it. */
function firstOf(elements: readonly Evaluate[], context: PlaceholderContext): string | undefined {
  let result: string | undefined;
  let isUnresolved = false;
  for (const evaluate of elements) {
    const { state, values } = evaluate(context);
    if (state === 'unresolved') isUnresolved = true;
    else if (state === 'resolved') result = (result ?? '') + (values[0] ?? '');
  }
  return isUnresolved ? undefined : result;
}

function keepUnresolved({
  text,
  evaluate,
}: {
  readonly text: string;
  readonly evaluate: Evaluate;
}): Evaluate {
  const kept = resolved([`{{${text}}}`]);
  return (context) => {
    try {
      const resolution = evaluate(context);
      return resolution.state === 'unresolved' ? kept : resolution;
    } catch (error) {
      if (isDittoError(error, 'placeholder:unresolved')) return kept;
      throw error;
    }
  };
}
