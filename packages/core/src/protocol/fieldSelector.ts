import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { formatPointer, parsePointer } from './pointer.ts';

/*
 * Field selectors, `thingId,attributes(a,b/c)` (json/.../ImmutableJsonFieldSelectorFactory.java).
 */

/** @throws DittoError `json.fieldselector.invalid` for unequal counts of parentheses */
export function checkFieldSelector(text: string): void {
  let open = 0;
  let closed = 0;
  for (const char of text) {
    if (char === '(') open++;
    else if (char === ')') closed++;
  }
  if (open > 0 && open !== closed) throw fieldSelectorInvalid(text);
}

/**
 * The selector of a Protocol message's `fields` as it is written again: split at every comma, each part a pointer
 * with its slash (json/.../JsonFactory.java, parseJsonFieldSelector). Parentheses mean nothing here.
 */
export function canonicalFields(text: string): string {
  if (text === '') return text;
  const parts = text.split(',');
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  const pointers = parts.map((part) => formatPointer(parsePointer(part)));
  return [...new Set(pointers)].join(',');
}

const fieldSelectorInvalid = (text: string): DittoError =>
  makeError('json.fieldselector.invalid', `The field selector <${text}> is invalid!`);
