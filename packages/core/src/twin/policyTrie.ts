import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { isResourceKey, type PolicyResource, policyResourceOf } from './policyResource.ts';

/** What one entry of a policy says about one resource. */
export interface PolicyRule {
  /** Position of the entry among all entries. */
  readonly entry: number;
  readonly granted: ReadonlySet<string>;
  readonly revoked: ReadonlySet<string>;
}

/** A resource in the tree of all resources that a policy names; the root's children are the types. */
export interface PolicyNode {
  readonly rules: PolicyRule[];
  readonly children: Map<string, PolicyNode>;
}

const newNode = (): PolicyNode => ({ rules: [], children: new Map() });

/**
 * The rules of entries by resource. A policy may name a path of many thousand keys: nothing here recurses, and nothing
 * is copied from level to level. Resources whose key or permissions cannot be read say nothing.
 */
export function policyTrie(entries: readonly JsonObject[]): PolicyNode {
  const root = newNode();
  entries.forEach(({ resources }, entry) => {
    if (!isJsonObject(resources)) return;
    for (const key in resources) {
      const permissions = resources[key];
      if (!isResourceKey(key) || !isJsonObject(permissions)) continue;
      const granted = permissionSet(permissions['grant']);
      const revoked = permissionSet(permissions['revoke']);
      nodeFor(root, policyResourceOf(key)).rules.push({ entry, granted, revoked });
    }
  });
  return root;
}

const permissionSet = (permissions: JsonValue | undefined): ReadonlySet<string> =>
  new Set(isJsonArray(permissions) ? permissions.filter((permission) => typeof permission === 'string') : []);

function nodeFor(root: PolicyNode, resource: PolicyResource): PolicyNode {
  let node = root;
  for (const key of resource) {
    const child = node.children.get(key) ?? newNode();
    node.children.set(key, child);
    node = child;
  }
  return node;
}

/** The nodes from the root towards a resource, as far as there are any. */
export function nodesTo(root: PolicyNode, resource: PolicyResource): readonly PolicyNode[] {
  const nodes = [root];
  let node: PolicyNode | undefined = root;
  for (const key of resource) {
    node = node.children.get(key);
    if (node === undefined) break;
    nodes.push(node);
  }
  return nodes;
}

/** Calls `visit` for every node below one, with its level; the level of the root is 1. */
export function visitBelow(
  node: PolicyNode,
  level: number,
  visit: (below: PolicyNode, level: number) => void,
): void {
  const waiting = [{ node, level }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const child of next.node.children.values()) {
      visit(child, next.level + 1);
      waiting.push({ node: child, level: next.level + 1 });
    }
  }
}
