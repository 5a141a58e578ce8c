/** A part of a template: text as it is, or the content of `{{ … }}` or `${…}`. */
export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string };

/** Ditto's blanks are those of Java's `\s`: no Unicode blanks. */
export const isJavaBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

/**
 * Cuts a template into literals and expressions (base/model/.../common/Placeholders.java). The first `}}` ends an
 * expression, whatever is around it; what is not closed is literal. Leading blanks of `{{` are left out, trailing ones stay.
 *
 * Linear: each search for a closing brace begins where the last one ended, and none is repeated after it failed once.
 */
export function scanTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literalFrom = 0;
  let at = 0;
  let canClose = true;
  let canCloseLegacy = true;
  const emit = (from: number, expression: string, end: number): void => {
    if (from > literalFrom) parts.push({ kind: 'literal', text: template.slice(literalFrom, from) });
    parts.push({ kind: 'expression', text: expression });
    literalFrom = at = end;
  };
  while (at < template.length - 1) {
    const start = nextOpening(template, at);
    if (start < 0) break;
    const isLegacy = template.charCodeAt(start) === DOLLAR;
    if (isLegacy ? !canCloseLegacy : !canClose) {
      at = start + 1;
      continue;
    }
    const from = isLegacy ? start + 2 : skipBlanks(template, start + 2);
    const close = template.indexOf(isLegacy ? '}' : '}}', from);
    if (close >= 0) emit(start, template.slice(from, close), close + (isLegacy ? 1 : 2));
    else {
      if (isLegacy) canCloseLegacy = false;
      else canClose = false;
      at = start + 1;
    }
  }
  if (literalFrom < template.length) parts.push({ kind: 'literal', text: template.slice(literalFrom) });
  return parts;
}

const DOLLAR = 0x24;
const BRACE = 0x7b;

/** Position of the next `{{` or `${`. */
function nextOpening(template: string, from: number): number {
  for (let brace = template.indexOf('{', from); brace >= 0; brace = template.indexOf('{', brace + 1)) {
    if (brace > from && template.charCodeAt(brace - 1) === DOLLAR) return brace - 1;
    if (template.charCodeAt(brace + 1) === BRACE) return brace;
  }
  return -1;
}

/** The first position from `from` on that is no blank. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isJavaBlank(text.charCodeAt(at))) at++;
  return at;
}

/** True if the template holds anything to resolve. */
export const hasPlaceholder = (template: string): boolean =>
  scanTemplate(template).some((part) => part.kind === 'expression');
