import { parseFieldSelector } from '../json/fieldSelector.ts';
import { optionalString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';

/** The field selector of a query in its own spelling. @throws DittoError `json.fieldselector.invalid` */
export function readSelectedFields(json: JsonObject): string | undefined {
  const text = optionalString(json, 'selectedFields');
  if (text !== undefined) parseFieldSelector(text);
  return text;
}
