import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { allPlaceholders } from '../placeholders/placeholders.ts';
import { compileTemplate } from '../placeholders/template.ts';

/** True if a message passes. @throws DittoError `placeholder:*` for a condition that is no pipeline of functions */
export type Condition = (context: PlaceholderContext) => boolean;

/**
 * Compiles the conditions of a payload mapper. A condition is a pipeline of functions that must leave something of `true`
 * (connectivity/service/.../messaging/AbstractMappingProcessor.java). All are evaluated, for their errors.
 */
export function compileConditions(conditions: readonly string[]): Condition {
  const templates = conditions.map((condition) =>
    compileTemplate(`{{ fn:default('true') | ${condition} }}`, allPlaceholders),
  );
  return (context) =>
    templates.reduce((passes, template) => template.first(context) !== undefined && passes, true);
}
