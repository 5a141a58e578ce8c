import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { RqlField, RqlLeaf, RqlLiteral, RqlPlaceholderLiteral } from './ast.ts';
import { compareValues, type Primitive } from './compareValues.ts';
import { anyValueAt, existsAt, valuesAt } from './fieldValues.ts';
import { compileLike } from './like.ts';
import { jsonPointerConsecutiveSlashes } from './rqlError.ts';

/** What a compiled filter looks at. */
export interface RqlSubject {
  /** The thing's JSON; empty where there is none. */
  readonly thing: JsonObject;
  /** What placeholders are resolved from. */
  readonly context: PlaceholderContext;
}

type Predicate = (subject: RqlSubject) => boolean;
/** Holds one value of a field against the literal of a comparison. */
type Test = (found: Primitive | null, subject: RqlSubject) => boolean;

/** @throws DittoError `json.pointer.invalid` for a field with an empty key */
export function compileLeaf(node: RqlLeaf): Predicate {
  const { field } = node;
  if (field.kind === 'path' && field.invalidPointer !== undefined)
    throw jsonPointerConsecutiveSlashes(field.invalidPointer);
  switch (node.op) {
    case 'exists':
      return compileExists(field);
    case 'empty':
      return compileEmpty(field);
    case 'in': {
      const tests = node.values.map((value) => (value === null ? never : equals(value)));
      return anyValue(field, (found, subject) => {
        for (const test of tests) if (test(found, subject)) return true;
        return false;
      });
    }
    case 'eq':
      return anyValue(field, equals(node.value));
    case 'ne': {
      const eq = anyValue(field, equals(node.value));
      return (subject) => !eq(subject);
    }
    case 'like':
    case 'ilike': {
      const matches = compileLike(String(node.value), { ignoreCase: node.op === 'ilike' });
      return anyValue(field, (found) => found !== null && matches(String(found)));
    }
    case 'gt':
      return anyValue(
        field,
        relation(node.value, (order) => order > 0),
      );
    case 'ge':
      return anyValue(
        field,
        relation(node.value, (order) => order >= 0),
      );
    case 'lt':
      return anyValue(
        field,
        relation(node.value, (order) => order < 0),
      );
    case 'le':
      return anyValue(
        field,
        relation(node.value, (order) => order <= 0),
      );
  }
}

const never: Test = () => false;

/** `null` equals JSON null alone. */
function equals(literal: RqlLiteral): Test {
  if (literal === null) return (found) => found === null;
  return relation(literal, (order) => order === 0);
}

function relation(literal: RqlLiteral, accepts: (order: number) => boolean): Test {
  if (literal === null) return never;
  if (!isPlaceholder(literal)) return (found) => found !== null && accepts(compareValues(found, literal));
  const { lookup } = literal;
  return (found, subject) => {
    const resolved = lookup?.(subject.context)[0];
    return found !== null && resolved !== undefined && accepts(compareValues(found, resolved));
  };
}

const isPlaceholder = (literal: RqlLiteral): literal is RqlPlaceholderLiteral =>
  typeof literal === 'object' && literal !== null && 'prefix' in literal;

function anyValue(field: RqlField, test: Test): Predicate {
  if (field.kind === 'placeholder') {
    const { lookup } = field;
    return (subject) => {
      for (const value of lookup(subject.context)) if (test(value, subject)) return true;
      return false;
    };
  }
  const { path } = field;
  if (path[0] === '_namespace') {
    return (subject) => {
      const namespace = namespaceOf(subject.thing);
      return namespace !== undefined && test(namespace, subject);
    };
  }
  return (subject) => anyValueAt(subject.thing, path, test, subject);
}

/** A thing's namespace is that of its id, whether its JSON shows it or not. */
function namespaceOf(thing: JsonObject): string | undefined {
  const id = Object.hasOwn(thing, 'thingId') ? thing['thingId'] : undefined;
  const colon = typeof id === 'string' ? id.indexOf(':') : -1;
  return typeof id === 'string' && colon >= 0 ? id.slice(0, colon) : undefined;
}

/** rql/query/.../ExistsThingPredicateVisitor.java: `null` counts as present, special fields never do. */
function compileExists(field: RqlField): Predicate {
  if (field.kind === 'placeholder') {
    const { lookup } = field;
    return (subject) => lookup(subject.context).length > 0;
  }
  if (field.visibility === 'special') return () => false;
  const { path } = field;
  return (subject) => existsAt(subject.thing, path);
}

/** rql/query/.../EmptyThingPredicateVisitor.java */
function compileEmpty(field: RqlField): Predicate {
  if (field.kind === 'placeholder') {
    const { lookup } = field;
    return (subject) => lookup(subject.context).every((value) => value === '');
  }
  if (field.visibility === 'special') return () => true;
  const { path } = field;
  return (subject) => valuesAt(subject.thing, path).every(isEmpty);
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
