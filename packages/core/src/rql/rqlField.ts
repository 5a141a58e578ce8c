import type { Lookup, Placeholder } from '../placeholders/placeholder.ts';
import { parsePointer } from '../protocol/pointer.ts';
import type { RqlField } from './ast.ts';
import { rqlInvalid } from './rqlError.ts';

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
  placeholders: readonly Placeholder[],
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
  if (name.includes('//')) return { kind: 'path', path: [], visibility, invalidPointer: `/${name}` };
  return { kind: 'path', path: parsePointer(name), visibility, invalidPointer: undefined };
}

function placeholderField(property: string, placeholders: readonly Placeholder[]): RqlField | undefined {
  const colon = property.indexOf(':');
  if (colon < 0) return undefined;
  const prefix = property.slice(0, colon);
  const name = property.slice(colon + 1);
  const lookup = lookupOf(prefix, name, placeholders);
  return lookup === undefined ? undefined : { kind: 'placeholder', prefix, name, lookup };
}

/** How `prefix:name` is resolved; undefined for what is not supported here. */
export const lookupOf = (
  prefix: string,
  name: string,
  placeholders: readonly Placeholder[],
): Lookup | undefined => placeholders.find((placeholder) => placeholder.prefix === prefix)?.compile(name);
