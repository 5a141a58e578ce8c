import type { JsonNumber } from '../json/jsonValue.ts';
import type { Lookup } from '../placeholders/placeholder.ts';

/** rql/model/.../SingleComparisonNode.java */
export const comparisonOperators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'ilike'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

/** `time:…` on the right side of a comparison; resolved anew for each evaluation. */
export interface RqlPlaceholderLiteral {
  readonly prefix: string;
  readonly name: string;
  /** Undefined where it is not supported: it is null then. */
  readonly lookup: Lookup | undefined;
}

export type RqlLiteral = string | number | JsonNumber | boolean | null | RqlPlaceholderLiteral;

/** What a property of an expression stands for. */
export type RqlField =
  | {
      /** A place in the thing. */
      readonly kind: 'path';
      /** Decoded keys from the thing's root. */
      readonly path: readonly string[];
      /** `special`: fields that a thing shows only when asked for, which `exists` and `empty` never see. */
      readonly visibility: 'regular' | 'special';
      /** The pointer has an empty key: it parses, but cannot be evaluated. */
      readonly invalidPointer: string | undefined;
    }
  | { readonly kind: 'placeholder'; readonly prefix: string; readonly name: string; readonly lookup: Lookup };

export interface RqlComparison {
  readonly op: ComparisonOperator;
  /** As written, escapes resolved. */
  readonly property: string;
  readonly field: RqlField;
  readonly value: RqlLiteral;
}

export interface RqlIn {
  readonly op: 'in';
  readonly property: string;
  readonly field: RqlField;
  readonly values: readonly RqlLiteral[];
}

export interface RqlPresence {
  readonly op: 'exists' | 'empty';
  readonly property: string;
  readonly field: RqlField;
}

export type RqlLeaf = RqlComparison | RqlIn | RqlPresence;

export type RqlNode =
  | RqlLeaf
  | { readonly op: 'and' | 'or'; readonly nodes: readonly RqlNode[] }
  | { readonly op: 'not'; readonly node: RqlNode };
