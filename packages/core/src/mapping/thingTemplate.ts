import { jsonUnparsable } from '../errors/jsonErrors.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { placeholderUnresolved } from '../placeholders/placeholderErrors.ts';
import { jsonFromText } from './dittoMapper.ts';
import { compileOption } from './optionTemplates.ts';

/** The strings of a JSON text, keys and values alike. */
const STRING = /"((?:[^"\\]|\\.)*)"/gs;
/** What may stand between the quotes of a JSON string. */
const STRING_CONTENT = /^(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*$/;

/**
 * Compiles a JSON object with templates in its strings. A template sees the string as it is written, escapes and all, and its
 * value becomes part of that string and of nothing else: a value that would end it is refused just as text is that is no
 * JSON, so that nobody outside can add a member or change one (GHSA-cgfq-3fv9-5c44).
 *
 * @throws DittoError when it is used: `placeholder:unresolved` with the whole text, `json.invalid`
 */
export function compileThingTemplate(text: string): (context: PlaceholderContext) => JsonObject {
  const strings = [...text.matchAll(STRING)].map((found) => ({
    from: found.index + 1,
    to: found.index + found[0].length - 1,
    template: compileOption(found[1] ?? ''),
  }));
  const templates = strings.filter(({ template }) => !template.isConstant);
  if (templates.length === 0) {
    const constant = objectFrom(text);
    return () => constant;
  }
  return (context) => {
    let result = '';
    let at = 0;
    let isSafe = true;
    for (const { from, to, template } of templates) {
      const value = template.first(context);
      if (value === undefined) throw placeholderUnresolved(text);
      isSafe &&= STRING_CONTENT.test(value);
      result += text.slice(at, from) + value;
      at = to;
    }
    result += text.slice(at);
    if (!isSafe) throw jsonUnparsable(result);
    return objectFrom(result);
  };
}

function objectFrom(text: string): JsonObject {
  const json = jsonFromText(text);
  if (!isJsonObject(json)) throw jsonUnparsable(text);
  return json;
}
