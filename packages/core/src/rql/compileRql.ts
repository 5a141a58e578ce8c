import type { RqlField, RqlNode } from './ast.ts';
import { compileLeaf, type RqlSubject } from './compileLeaf.ts';

export type RqlPredicate = (subject: RqlSubject) => boolean;

/** Outcome of a filter of which some fields are not known yet; ordered so that `and` is min and `or` is max. */
export const Trilean = { no: -1, unknown: 0, yes: 1 } as const;
export type Trilean = (typeof Trilean)[keyof typeof Trilean];

/**
 * Makes a filter ready for many evaluations (rql/query/.../ThingPredicateVisitor.java).
 *
 * @throws DittoError `json.pointer.invalid` for a field with an empty key
 */
export function compileRql(node: RqlNode): RqlPredicate {
  switch (node.op) {
    case 'and': {
      const all = node.nodes.map(compileRql);
      return (subject) => {
        for (const predicate of all) if (!predicate(subject)) return false;
        return true;
      };
    }
    case 'or': {
      const any = node.nodes.map(compileRql);
      return (subject) => {
        for (const predicate of any) if (predicate(subject)) return true;
        return false;
      };
    }
    case 'not': {
      const inner = compileRql(node.node);
      return (subject) => !inner(subject);
    }
    default:
      return compileLeaf(node);
  }
}

/**
 * Like `compileRql`, with some fields not known: Kleene's logic over them
 * (connectivity/service/.../Thing3ValuePredicateVisitor.java).
 */
export function compileThreeValued(
  node: RqlNode,
  isUnknown: (field: RqlField) => boolean,
): (subject: RqlSubject) => Trilean {
  switch (node.op) {
    case 'and': {
      const all = node.nodes.map((child) => compileThreeValued(child, isUnknown));
      return (subject) => fold(all, subject, Trilean.yes, Math.min);
    }
    case 'or': {
      const any = node.nodes.map((child) => compileThreeValued(child, isUnknown));
      return (subject) => fold(any, subject, Trilean.no, Math.max);
    }
    case 'not': {
      const inner = compileThreeValued(node.node, isUnknown);
      return (subject) => (0 - inner(subject)) as Trilean;
    }
    default: {
      if (isUnknown(node.field)) return () => Trilean.unknown;
      const leaf = compileLeaf(node);
      return (subject) => (leaf(subject) ? Trilean.yes : Trilean.no);
    }
  }
}

function fold(
  parts: readonly ((subject: RqlSubject) => Trilean)[],
  subject: RqlSubject,
  start: Trilean,
  combine: (a: number, b: number) => number,
): Trilean {
  let result: number = start;
  for (const part of parts) result = combine(result, part(subject));
  return result as Trilean;
}
