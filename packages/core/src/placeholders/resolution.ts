/**
 * What became of a placeholder, an expression or a whole template (placeholders/.../PipelineElement.java):
 * one or more values, none, or the order to leave the thing out.
 */
export interface Resolution {
  readonly state: 'resolved' | 'unresolved' | 'deleted';
  /** Not empty when resolved, else empty. */
  readonly values: readonly string[];
}

export const UNRESOLVED: Resolution = { state: 'unresolved', values: [] };
export const DELETED: Resolution = { state: 'deleted', values: [] };

/** No value at all counts as unresolved. */
export const resolved = (values: readonly string[]): Resolution =>
  values.length === 0 ? UNRESOLVED : { state: 'resolved', values };

/** Applies `step` to each value and joins what comes out; other states pass unchanged. */
export function flatMapValues(input: Resolution, step: (value: string) => readonly string[]): Resolution {
  const [only] = input.values;
  if (only === undefined) return input;
  return resolved(input.values.length === 1 ? step(only) : input.values.flatMap(step));
}
