import { decodeBase64, decodeForm, encodeBase64, encodeForm } from './codecFunctions.ts';
import { collected, filterValues } from './filterFunction.ts';
import { compileFormat } from './formatFunction.ts';
import { areEmptyParameters, type Parameter, parseParameters } from './parameters.ts';
import { functionSignatureInvalid, illegalArgument } from './placeholderErrors.ts';
import { boundedLength } from './product.ts';
import { DELETED, flatMapValues, type Resolution, resolved, UNRESOLVED } from './resolution.ts';
import { compileSplitter } from './splitFunction.ts';
import { javaTrim } from './splitPipeline.ts';

/** Gives a parameter its value: a constant, or what its placeholder resolves to. */
export type ParameterValue<C> = (context: C) => Resolution;

/** A function of a pipeline, compiled: what becomes of the value before it. */
export type Stage<C> = (input: Resolution, context: C) => Resolution;

/** Compiles a placeholder that stands in a parameter. */
export type CompileParameter<C> = (expression: string) => ParameterValue<C>;

interface FunctionSpec {
  /** As Ditto prints it in `placeholder:function.signature.invalid`. */
  readonly signature: string;
  compile<C>(call: Call<C>): Stage<C>;
}

/** One use of a function in a template. */
interface Call<C> {
  readonly name: string;
  /** With parentheses. */
  readonly parameters: string;
  /** The stage as written. */
  readonly text: string;
  readonly compileParameter: CompileParameter<C>;
}

/**
 * Compiles `fn:name(…)`. A bad parameter list is an error of the evaluation, in the order of the stages, whatever the
 * input is: that is when Ditto finds it.
 *
 * @returns undefined when there is no such function
 */
export function compileFunction<C>(
  text: string,
  compileParameter: CompileParameter<C>,
): Stage<C> | undefined {
  const parenthesis = text.indexOf('(');
  const name = text.slice('fn:'.length, parenthesis);
  const spec = parenthesis < 0 || !text.startsWith('fn:') ? undefined : functions.get(name);
  return spec?.compile({ name, parameters: text.slice(parenthesis), text, compileParameter });
}

/** True for `name(…` of a known function. */
export function startsWithFunctionName(text: string): boolean {
  const parenthesis = text.indexOf('(');
  return parenthesis >= 0 && functions.has(text.slice(0, parenthesis));
}

function invalidSignature<C>({ name, parameters }: Call<C>): Stage<C> {
  return () => {
    throw functionSignatureInvalid(name, parameters, functions.get(name)?.signature ?? '()');
  };
}

/** A function without parameters that changes each value; `undefined` from `change` refuses the value. */
function perValue(change: (value: string) => string | undefined, wanted = ''): FunctionSpec {
  return {
    signature: '()',
    compile: (call) => {
      if (!areEmptyParameters(call.parameters)) return invalidSignature(call);
      return (input) =>
        flatMapValues(input, (value) => {
          const changed = change(value);
          if (changed === undefined) throw illegalArgument(`The value of <${call.text}> is not ${wanted}.`);
          return [changed];
        });
    },
  };
}

/** A function with one constant in quotes. */
function withText(
  parameter: string,
  build: (text: string, call: Call<never>) => ((input: Resolution) => Resolution) | undefined,
): FunctionSpec {
  return {
    signature: `(${parameter})`,
    compile: <C>(call: Call<C>): Stage<C> => {
      const [only] = parseParameters(call.parameters, 1, 1, false) ?? [];
      const stage = only?.kind === 'text' ? build(only.text, call as Call<never>) : undefined;
      return stage ?? invalidSignature(call);
    },
  };
}

/** A function whose parameters are constants or placeholders; `undefined` from `apply` is a signature error. */
function withValues(
  signature: string,
  [min, max]: readonly [number, number],
  apply: (input: Resolution, parameters: readonly Resolution[]) => Resolution | undefined,
): FunctionSpec {
  return {
    signature,
    compile: <C>(call: Call<C>): Stage<C> => {
      const parameters = parseParameters(call.parameters, min, max, true);
      if (parameters === undefined) return invalidSignature(call);
      const values = parameters.map((parameter) => valueOfParameter(parameter, call));
      const refuse = invalidSignature(call);
      return (input, context) => {
        const given = values.map((value) => value(context));
        return apply(input, given) ?? refuse(input, context);
      };
    },
  };
}

function valueOfParameter<C>(parameter: Parameter, call: Call<C>): ParameterValue<C> {
  if (parameter.kind === 'placeholder') return call.compileParameter(parameter.expression);
  const constant = resolved([parameter.text]);
  return () => constant;
}

const definitions: Readonly<Record<string, FunctionSpec>> = {
  filter: withValues(
    '(String filterValue /* Specifies the optional value that should be taken into account for filtering. It may be a constant in single or double quotes or a placeholder or may be omitted completely in order to apply the filtering on the previous pipeline element instead. */ , String rqlFunction /* Specifies the rql function that should be applied for comparison. */ , String comparedValue /* The param that contains the value that should compared to the filter value. */)',
    [2, 3],
    filterValues,
  ),
  default: withValues(
    '(String defaultValue /* Specifies the default/fallback value and may be a constant in single or double quotes or a placeholder */)',
    [1, 1],
    (input, [fallback = UNRESOLVED]) => (input.state === 'unresolved' ? fallback : input),
  ),
  'substring-before': withText(
    'String givenString /* Specifies the string to use in order to determine the substring before the first occurrence of that given string */',
    (text) => (input) =>
      flatMapValues(input, (value) => (value.includes(text) ? [value.slice(0, value.indexOf(text))] : [])),
  ),
  'substring-after': withText(
    'String givenString /* Specifies the string to use in order to determine the substring after the first occurrence of that given string */',
    (text) => (input) =>
      flatMapValues(input, (value) =>
        value.includes(text) ? [value.slice(value.indexOf(text) + text.length)] : [],
      ),
  ),
  lower: perValue((value) => value.toLowerCase()),
  upper: perValue((value) => value.toUpperCase()),
  trim: perValue(javaTrim),
  'url-encode': perValue(encodeForm),
  'url-decode': perValue(decodeForm, 'URL-encoded'),
  'base64-encode': perValue(encodeBase64),
  'base64-decode': perValue(decodeBase64, 'base64-encoded'),
  delete: {
    signature: '()',
    compile: (call) => (areEmptyParameters(call.parameters) ? () => DELETED : invalidSignature(call)),
  },
  // like Ditto, a third parameter is read and has no meaning
  replace: withValues(
    "(String from /* Specifies the string to search for and replace */ , String to /* Specifies the replace string to be inserted for all matching 'from' strings */)",
    [2, 3],
    (input, [from, to]) => {
      const replacement = to?.values[0];
      if (replacement === undefined) return undefined;
      return flatMapValues(input, (value) => [replaceAll(value, from?.values[0] ?? '', replacement)]);
    },
  ),
  split: withText(
    'String separator /* Specifies the string to use in order to determine where to split */',
    (separator, { text }) => {
      const splitter = compileSplitter(separator);
      const split = (value: string): readonly string[] => {
        if (!value.includes(separator)) return [value];
        if ('invalid' in splitter) throw illegalArgument(`${splitter.invalid} <${text}>`);
        return splitter.split(value);
      };
      return (input) => collected(flatMapValues(input, split));
    },
  ),
  join: withText(
    'String delimiter /* Specifies the string to use as delimiter when joining elements of an array to a string */',
    (delimiter) =>
      ({ values }) => {
        if (values.length === 0) return UNRESOLVED;
        boundedLength(values.reduce((sum, value) => sum + value.length + delimiter.length, 0));
        return resolved([values.join(delimiter)]);
      },
  ),
  format: withText(
    'String template /* The format template with {fieldName}, {/json/pointer}, or {#arrayField}...{/arrayField} section references to extract from each JSON object */',
    (template) => {
      const format = compileFormat(template);
      if (format === undefined) {
        return () => {
          throw illegalArgument(`Unclosed section in format template <${template}>`);
        };
      }
      return (input) => {
        if (input.state === 'unresolved') return input;
        const texts: string[] = [];
        let length = 0;
        for (const text of eachOf(input.values, format)) {
          texts.push(text);
          length += text.length + 1;
          boundedLength(length);
        }
        return resolved(texts.length === 0 ? [''] : texts);
      };
    },
  ),
};

const functions: ReadonlyMap<string, FunctionSpec> = new Map(Object.entries(definitions));

/** Java's literal `String.replace`. @throws DittoError when the result outgrows every use */
function replaceAll(value: string, from: string, to: string): string {
  const growth = to.length - from.length;
  if (growth > 0) boundedLength(value.length + growth * (value.split(from).length + 1));
  return value.replaceAll(from, () => to);
}

function* eachOf(values: readonly string[], step: (value: string) => readonly string[]): Generator<string> {
  for (const value of values) yield* step(value);
}
