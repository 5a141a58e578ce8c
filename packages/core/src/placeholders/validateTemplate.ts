import { remember, rememberWeakly } from '../remember.ts';
import type { Placeholder } from './placeholder.ts';
import { compileTemplate } from './template.ts';

/** Lists of placeholders and dummies are constants; each list is made once. */
const dummiesOf = rememberWeakly((placeholders: readonly Placeholder[]) =>
  remember((dummy) => withDummy(placeholders, dummy)),
);

/** The same placeholders, all of which resolve to one dummy value. */
const withDummy = (placeholders: readonly Placeholder[], dummy: string): readonly Placeholder[] =>
  placeholders.map(({ prefix, compile }) => ({
    prefix,
    compile: (name) => (compile(name) === undefined ? undefined : () => [dummy]),
  }));

/**
 * Checks a template of a configuration: its placeholders and functions must be known where it stands
 * (placeholders/.../PlaceholderFilter.java `validate`). That it may not resolve is no error.
 *
 * @throws DittoError `placeholder:*`
 */
export function validateTemplate(text: string, allowed: readonly Placeholder[]): void {
  compileTemplate(text, dummiesOf(allowed)('')).resolve({});
}

/**
 * Checks a template and gives all texts that it has when every placeholder is `dummy`, to check those further
 * (`validateAndReplaceAll`; `validateAndReplace` is the first of them).
 *
 * @throws DittoError `placeholder:*`; `placeholder:unresolved` also when functions leave nothing
 */
export function replaceInTemplate(
  text: string,
  dummy: string,
  allowed: readonly Placeholder[],
): readonly string[] {
  return compileTemplate(text, dummiesOf(allowed)(dummy)).requireAll({});
}
