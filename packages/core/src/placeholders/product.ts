import { functionTooComplex } from './placeholderErrors.ts';

/** No use of a template needs more; without a bound a dozen small lists would fill the memory. */
const MAX_VALUES = 10_000;
const MAX_CHARACTERS = 4_000_000;

/**
 * Every way to join one text of each list in order; the first list varies slowest. An empty list gives none.
 *
 * @throws DittoError `placeholder:function.too.complex` when the result outgrows every use
 */
export function joinEach(lists: readonly (readonly string[])[]): readonly string[] {
  let results: readonly string[] = [''];
  for (const list of lists) {
    const count = results.length * list.length;
    if (count === 0) return [];
    const added = total(list) * results.length;
    if (count > MAX_VALUES || total(results) * list.length + added > MAX_CHARACTERS)
      throw functionTooComplex();
    results = results.flatMap((start) => list.map((end) => start + end));
  }
  return results;
}

const total = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);

/** @throws DittoError `placeholder:function.too.complex` for a text that outgrows every use */
export function boundedLength(length: number): void {
  if (length > MAX_CHARACTERS) throw functionTooComplex();
}
