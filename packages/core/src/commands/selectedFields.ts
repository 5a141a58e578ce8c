import { optionalString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';

/** The field selector of a query in its own spelling. @throws DittoError `json.fieldselector.invalid` */
export function readSelectedFields(json: JsonObject): string | undefined {
  return optionalString(json, 'selectedFields');
}
