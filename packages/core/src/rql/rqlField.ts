import type { RqlField } from './ast.ts';
import { rqlInvalid } from './rqlError.ts';

/** A placeholder that may stand for a field; by prefix, e.g. `topic`. */
export interface RqlPlaceholder {
  readonly prefix: string;
  supports(name: string): boolean;
}

const REGULAR_FIELDS = new Set(['thingId', 'policyId', 'definition']);
const SPECIAL_FIELDS = new Set(['_namespace', '_revision', '_created', '_modified']);
/** `features/<id>/<part>[/…]` with its parts; the id is taken as it is written, `*` included. */
const FEATURE = /^features\/([^/]+)(?:\/(definition|properties|desiredProperties)(?:\/(.*))?)?$/s;

/**
 * The field that a property of a comparison names (rql/query/.../ThingsFieldExpressionFactoryImpl.java).
 * Whole features and property objects can be asked for their presence only.
 *
 * @throws DittoError `rql.expression.invalid`
 */
export function fieldOf(
  property: string,
  use: 'comparison' | 'presence',
  placeholders: readonly RqlPlaceholder[],
): RqlField {
  const name = property.startsWith('/') ? property.slice(1) : property;
  const field = thingField(name, use) ?? placeholderField(name, placeholders);
  if (field === undefined) throw rqlInvalid(`Unknown property name: ${name}`);
  return field;
}

function thingField(name: string, use: 'comparison' | 'presence'): RqlField | undefined {
  if (REGULAR_FIELDS.has(name)) return pathField(name, 'regular');
  if (SPECIAL_FIELDS.has(name)) return pathField(name, 'special');
  if (name.startsWith('attributes/') || name.startsWith('_metadata/')) return pathField(name, 'regular');
  const feature = FEATURE.exec(name);
  if (feature === null) return undefined;
  const [, , part, rest = ''] = feature;
  if (part === 'definition') return rest === '' ? pathField(name, 'regular') : undefined;
  return use === 'presence' || (part !== undefined && rest !== '') ? pathField(name, 'regular') : undefined;
}

function pathField(name: string, visibility: 'regular' | 'special'): RqlField {
  const keys = name.replace(/\/$/, '').split('/');
  const invalidPointer = name.includes('//') ? `/${name}` : undefined;
  return { kind: 'path', path: keys.map(decodeKey), visibility, invalidPointer };
}

const decodeKey = (key: string): string =>
  key.includes('~') ? key.replaceAll('~1', '/').replaceAll('~0', '~') : key;

function placeholderField(property: string, placeholders: readonly RqlPlaceholder[]): RqlField | undefined {
  const colon = property.indexOf(':');
  if (colon < 0) return undefined;
  const prefix = property.slice(0, colon);
  const name = property.slice(colon + 1);
  const isKnown = placeholders.some(
    (placeholder) => placeholder.prefix === prefix && placeholder.supports(name),
  );
  return isKnown ? { kind: 'placeholder', prefix, name } : undefined;
}
