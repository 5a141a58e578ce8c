import { alone } from '../placeholders/placeholder.ts';
import { exactHeaderPlaceholder, requestPlaceholder } from '../placeholders/placeholders.ts';
import { type CompiledTemplate, compileTemplate } from '../placeholders/template.ts';
import { timePlaceholder } from '../placeholders/timePlaceholder.ts';

const PLACEHOLDERS = [exactHeaderPlaceholder, timePlaceholder, requestPlaceholder];

/** A template in a mapper's options: `header:` by its exact name, `time:` and `request:`. */
export const compileOption = (text: string): CompiledTemplate => compileTemplate(text, PLACEHOLDERS);

/** Only `header:`. */
export const compileHeaderOption = (text: string): CompiledTemplate =>
  compileTemplate(text, alone(exactHeaderPlaceholder));

/** An option with an object of templates. */
export const compileOptions = (
  texts: Readonly<Record<string, string>>,
): readonly (readonly [string, CompiledTemplate])[] =>
  Object.entries(texts).map(([name, text]) => [name, compileOption(text)]);
