import type { PolicyResource } from './policyResource.ts';
import { nodesTo, type PolicyNode, visitBelow } from './policyTrie.ts';

/** Whose permissions are asked for: the entries that each subject is in, and the permissions. */
export interface Question {
  readonly entriesOf: readonly ReadonlySet<number>[];
  readonly permissions: readonly string[];
}

/**
 * What subjects may do at a resource: the level of the rule that grants or revokes, by subject and permission; 0 for none.
 * Levels count from the root; a deeper one outweighs the others.
 */
export interface Standing {
  readonly granted: Int32Array;
  readonly revoked: Int32Array;
}

const unknown = ({ entriesOf, permissions }: Question): Standing => ({
  granted: new Int32Array(entriesOf.length * permissions.length),
  revoked: new Int32Array(entriesOf.length * permissions.length),
});

const copyOf = ({ granted, revoked }: Standing): Standing => ({
  granted: granted.slice(),
  revoked: revoked.slice(),
});

/** Calls for every subject and permission of which a node itself says something; revoking wins. */
function ownRules(
  { entriesOf, permissions }: Question,
  { rules }: PolicyNode,
  found: (at: number, isGranted: boolean) => void,
): void {
  if (rules.length === 0) return;
  entriesOf.forEach((entries, subject) => {
    const own = rules.filter(({ entry }) => entries.has(entry));
    if (own.length === 0) return;
    permissions.forEach((permission, index) => {
      const at = subject * permissions.length + index;
      if (own.some(({ revoked }) => revoked.has(permission))) found(at, false);
      else if (own.some(({ granted }) => granted.has(permission))) found(at, true);
    });
  });
}

/** The standing at a node, given the one above it: the node's own rules replace what was inherited. */
export function standingAt(question: Question, node: PolicyNode, level: number, above: Standing): Standing {
  if (node.rules.length === 0) return above;
  const standing = copyOf(above);
  ownRules(question, node, (at, isGranted) => {
    standing.granted[at] = isGranted ? level : 0;
    standing.revoked[at] = isGranted ? 0 : level;
  });
  return standing;
}

/** Which rules below a resource count too: those that grant (partial access) or those that revoke (unrestricted access). */
export type Below = 'grants' | 'revokes' | 'nothing';

export interface Place {
  readonly node: PolicyNode;
  readonly level: number;
  readonly standing: Standing;
}

/**
 * The node of a resource, or the nearest one above it, with what subjects may do there
 * (policies/model/.../enforcers/trie/PolicyTrie.java). Rules below count only if the policy names the resource itself or
 * something below it.
 */
export function placeOf(question: Question, root: PolicyNode, resource: PolicyResource, below: Below): Place {
  const nodes = nodesTo(root, resource);
  let standing = unknown(question);
  nodes.forEach((node, index) => {
    standing = standingAt(question, node, index + 1, standing);
  });
  const node = nodes.at(-1) ?? root;
  const level = nodes.length;
  const isExact = level === resource.length + 1;
  if (below === 'nothing' || !isExact) return { node, level, standing };
  return { node, level, standing: withRulesBelow(question, { node, level, standing }, below) };
}

function withRulesBelow(question: Question, place: Place, below: 'grants' | 'revokes'): Standing {
  const { granted, revoked } = copyOf(place.standing);
  visitBelow(place.node, place.level, (node, level) => {
    ownRules(question, node, (at, isGranted) => {
      if (isGranted !== (below === 'grants')) return;
      const levels = isGranted ? granted : revoked;
      levels[at] = Math.max(levels[at] ?? 0, level);
    });
  });
  return { granted, revoked };
}

/**
 * Whether subjects together hold all permissions: each is granted to one of them, and nothing is revoked from any on a
 * level as deep as the deepest grant (policies/model/.../enforcers/trie/GrantRevokeIndex.java).
 */
export function holdsAll({ entriesOf, permissions }: Question, { granted, revoked }: Standing): boolean {
  let deepestGrant = 0;
  for (let index = 0; index < permissions.length; index++) {
    let deepest = 0;
    for (let subject = 0; subject < entriesOf.length; subject++)
      deepest = Math.max(deepest, granted[subject * permissions.length + index] ?? 0);
    if (deepest === 0) return false;
    deepestGrant = Math.max(deepestGrant, deepest);
  }
  return deepestGrant > 0 && revoked.every((level) => level < deepestGrant);
}
