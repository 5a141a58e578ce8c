import { compileFunction, type Stage, startsWithFunctionName } from './functions.ts';
import type { Placeholder, PlaceholderContext } from './placeholder.ts';
import { functionTooComplex, functionUnknown, placeholderUnresolved } from './placeholderErrors.ts';
import { type Resolution, resolved, UNRESOLVED } from './resolution.ts';
import { javaTrim, MAX_STAGES, splitPipeline } from './splitPipeline.ts';

/** Resolves a compiled expression. @throws DittoError `placeholder:*`, in the order in which Ditto finds them */
export type Evaluate = (context: PlaceholderContext) => Resolution;

/** Functions may hold functions as parameters; nobody nests them deeper than this. */
const MAX_DEPTH = 20;

/**
 * Compiles what stands between the braces: `placeholder | fn:… | fn:…` (placeholders/.../ImmutableExpressionResolver.java).
 * Never throws: an expression that is wrong throws whenever it is evaluated.
 */
export function compileExpression(
  expression: string,
  placeholders: readonly Placeholder[],
  depth = 0,
): Evaluate {
  const stages = splitPipeline(expression);
  if (stages === undefined) return refuse(() => placeholderUnresolved(expression));
  if (stages.length > MAX_STAGES || depth > MAX_DEPTH) return refuse(functionTooComplex);
  const [first = '', ...rest] = stages;
  const isFunction = first.startsWith('fn:');
  const start: Evaluate = isFunction ? () => UNRESOLVED : compilePlaceholder(first, placeholders);
  if (!isFunction && rest.length === 0) return start;
  const pipeline = compileStages(isFunction ? stages : rest, placeholders, depth);
  return (context) => pipeline(start(context), context);
}

/**
 * Compiles `fn:… | fn:…` that continue a value which is there already. Never throws.
 *
 * @returns undefined for an empty stage or an open quote
 */
export function compilePipeline(
  text: string,
  placeholders: readonly Placeholder[],
): Stage<PlaceholderContext> | undefined {
  const stages = splitPipeline(text);
  if (stages === undefined) return undefined;
  // the value that is continued counts as the first stage
  return stages.length + 1 > MAX_STAGES ? refuse(functionTooComplex) : compileStages(stages, placeholders, 0);
}

function compileStages(
  stages: readonly string[],
  placeholders: readonly Placeholder[],
  depth: number,
): Stage<PlaceholderContext> {
  const compileParameter = (text: string): Evaluate => compileExpression(text, placeholders, depth + 1);
  const steps = stages.map((text) => compileFunction(text, compileParameter) ?? unknownFunction(text));
  const [only] = steps;
  if (only !== undefined && steps.length === 1) return only;
  return (input, context) => steps.reduce((value, step) => step(value, context), input);
}

/** Ditto looks for the name without the first `fn:` and calls with it: a bare `upper()` is known, but does nothing. */
function unknownFunction(text: string): Stage<PlaceholderContext> {
  if (startsWithFunctionName(text.replace('fn:', ''))) return () => UNRESOLVED;
  return refuse(() => functionUnknown(text));
}

function compilePlaceholder(text: string, placeholders: readonly Placeholder[]): Evaluate {
  const colon = text.indexOf(':');
  const prefix = javaTrim(text.slice(0, Math.max(colon, 0)));
  // Ditto counts from the end of the trimmed prefix, so that blanks before the colon end up in the name
  const name = text.slice(prefix.length + 1);
  const lookup = colon < 0 ? undefined : placeholders.find((p) => p.prefix === prefix)?.compile(name);
  if (lookup === undefined) return refuse(() => placeholderUnresolved(text));
  return (context) => resolved(lookup(context));
}

function refuse(error: () => Error): () => never {
  return () => {
    throw error();
  };
}
