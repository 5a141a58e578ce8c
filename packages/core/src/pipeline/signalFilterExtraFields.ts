import { type JsonPointer, parseFieldSelector, selectFields } from '../json/fieldSelector.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { allPlaceholders } from '../placeholders/placeholders.ts';
import { type CompiledTemplate, compileTemplate } from '../placeholders/template.ts';
import { parsePointer } from '../protocol/pointer.ts';
import type { RqlField } from '../rql/ast.ts';

/** The `extraFields` of a topic (spec 08, 7.3). */
export interface ExtraFields {
  /** The fields for one signal: placeholders give all their values, those that do not resolve vanish. */
  pointers(context: PlaceholderContext): readonly JsonPointer[];
  /** True for a field that is one of these or lies under one: it is not known before the thing was asked for. */
  covers(field: RqlField): boolean;
}

/** @throws DittoError `json.fieldselector.invalid` */
export function compileExtraFields(selector: string): ExtraFields {
  const fields = parseFieldSelector(selector).map((pointer) => {
    const template = compileTemplate(pointer.join('/'), allPlaceholders);
    return { pointer, template };
  });
  const isStatic = fields.every(({ template }) => template.isConstant);
  const pointers = fields.map(({ pointer }) => pointer);
  return {
    pointers: (context) => (isStatic ? pointers : fields.flatMap((field) => resolve(field, context))),
    covers: (field) => field.kind === 'path' && pointers.some((pointer) => covers(pointer, field.path)),
  };
}

function resolve(
  { pointer, template }: { readonly pointer: JsonPointer; readonly template: CompiledTemplate },
  context: PlaceholderContext,
): readonly JsonPointer[] {
  if (template.isConstant) return [pointer];
  return template
    .resolve(context)
    .values.filter((value) => !value.includes('//'))
    .map(parsePointer);
}

/** `*` stands for any key, and so does a placeholder; one that is cut by a slash may stand for anything. */
function covers(pointer: JsonPointer, path: readonly string[]): boolean {
  for (const [index, key] of pointer.entries()) {
    if (key.includes('{{') && !key.includes('}}')) return true;
    if (index >= path.length) return false;
    if (key !== path[index] && key !== '*' && !key.includes('{{')) return false;
  }
  return true;
}

/** The named fields of what was fetched; `features/*` means every feature that is there. */
export function selectExtra(fetched: JsonObject, pointers: readonly JsonPointer[]): JsonObject {
  return selectFields(
    fetched,
    pointers.flatMap((pointer) => expandFeatures(fetched, pointer)),
  );
}

function expandFeatures(fetched: JsonObject, pointer: JsonPointer): readonly JsonPointer[] {
  if (pointer[0] !== 'features' || pointer[1] !== '*') return [pointer];
  const features = Object.hasOwn(fetched, 'features') ? fetched['features'] : undefined;
  if (!isJsonObject(features)) return [];
  return Object.keys(features).map((id) => ['features', id, ...pointer.slice(2)]);
}
