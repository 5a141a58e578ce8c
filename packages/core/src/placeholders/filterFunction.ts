import { compileLikePattern } from './likePattern.ts';
import { flatMapValues, type Resolution, resolved, UNRESOLVED } from './resolution.ts';

/** Operators of `fn:filter` (placeholders/.../filter/FilterFunctions.java); `compared` is absent for `exists` alone. */
const operators: Readonly<Record<string, (value: string, compared: string | undefined) => boolean>> = {
  eq: (value, compared) => compared !== undefined && value === compared,
  ne: (value, compared) => compared !== undefined && value !== compared,
  like: (value, compared) => compared !== undefined && compileLikePattern(compared)(value),
  exists: (value, compared) =>
    (compared === undefined || compared.toLowerCase() === 'true') !== (value === ''),
};

type Operator = (value: string, compared: string | undefined) => boolean;

const operatorOf = (name: string | undefined): Operator | undefined =>
  name !== undefined && Object.hasOwn(operators, name) ? operators[name] : undefined;

/**
 * `fn:filter` with its two or three parameters resolved (placeholders/.../PipelineFunctionFilter.java). An unknown operator
 * is no error: nothing passes.
 *
 * @returns undefined when the operator itself did not resolve (a signature error)
 */
export function filterValues(input: Resolution, parameters: readonly Resolution[]): Resolution | undefined {
  const [first = UNRESOLVED, second = UNRESOLVED, third] = parameters;
  if (third !== undefined) {
    const name = second.values[0];
    return name === undefined
      ? undefined
      : keepIf(input, holds(operatorOf(name), first.values, third.values));
  }
  if (second.values[0] === 'exists') {
    return keepIf(
      input,
      first.values.some((value) => value !== ''),
    );
  }
  return filterOwnValues(input, operatorOf(first.values[0]), second.values);
}

function keepIf(input: Resolution, condition: boolean): Resolution {
  if (input.state !== 'resolved' || condition) return input;
  return UNRESOLVED;
}

/** Any pair satisfies the operator; no value on a side counts as the empty text. */
function holds(
  operator: Operator | undefined,
  values: readonly string[],
  compared: readonly string[],
): boolean {
  if (operator === undefined) return false;
  const others = compared.length === 0 ? [''] : compared;
  return (values.length === 0 ? [''] : values).some((value) =>
    others.some((other) => operator(value, other)),
  );
}

/** Without a value of its own the filter looks at the values that come in; here nothing to compare with means no match. */
function filterOwnValues(
  input: Resolution,
  operator: Operator | undefined,
  compared: readonly string[],
): Resolution {
  if (input.state !== 'resolved') return input;
  if (operator === undefined) return UNRESOLVED;
  return flatMapValues(input, (value) => (compared.some((other) => operator(value, other)) ? [value] : []));
}

/** What an unresolved or deleted input becomes in functions that only collect values. */
export const collected = (input: Resolution): Resolution => resolved(input.values);
