import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { remember } from '../remember.ts';
import type { RqlNode } from '../rql/ast.ts';
import { parseCondition } from './parseCondition.ts';
import type { PolicyEnforcer } from './policyEnforcer.ts';
import type { PolicyResource } from './policyResource.ts';
import { conditionNotReadable } from './thingRefusals.ts';

/** The places in a thing that a condition looks at, once each. */
const resourcesOf = remember((condition: string): readonly PolicyResource[] => {
  const paths = new Map<string, PolicyResource>();
  collect(parseCondition(condition), paths);
  return [...paths.values()];
});

/** As deep as the reader lets conditions be. */
function collect(node: RqlNode, paths: Map<string, PolicyResource>): void {
  switch (node.op) {
    case 'not':
      collect(node.node, paths);
      break;
    case 'and':
    case 'or':
      for (const child of node.nodes) collect(child, paths);
      break;
    default:
      if (node.field.kind === 'path') paths.set(node.property, ['thing', ...node.field.path]);
  }
}

/**
 * Nobody learns by a condition what he may not read (things/service/.../ThingCommandEnforcement.java,
 * `enforceReadPermissionOnCondition`). A thing that is created has nothing that could be learnt.
 *
 * @throws DittoError `things:condition.failed` 412, `rql.expression.invalid`
 */
export function checkConditionsReadable(
  { category, headers }: Signal,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): void {
  const areReadable = (condition: string | undefined): boolean =>
    condition === undefined ||
    resourcesOf(condition).every((resource) =>
      enforcer.hasUnrestrictedPermissions(resource, subjects, ['READ']),
    );
  if (category !== 'CREATE' && !areReadable(headerValue(headers, 'condition')))
    throw conditionNotReadable('condition');
  if (category === 'QUERY' && !areReadable(headerValue(headers, 'live-channel-condition')))
    throw conditionNotReadable('live channel condition');
}
