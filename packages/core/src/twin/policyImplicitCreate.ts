import { keysOf } from '../placeholders/thingOfSignal.ts';
import type { Signal } from '../protocol/signal.ts';
import type { PolicyState } from './policyState.ts';

/**
 * `modify` of a whole policy that is not there, made the `createPolicy` that it stands for; any other command as it is.
 * Permissions are judged after this, by the new policy (policies/service/.../enforcement/pre/ModifyToCreatePolicyTransformer.java).
 */
export function implicitPolicyCreate(command: Signal, state: PolicyState): Signal {
  const { adaptable, category } = command;
  if (state.lifecycle === 'active' || category !== 'MODIFY' || keysOf(adaptable.path).length > 0)
    return command;
  const topic = { ...adaptable.topic, action: 'create' };
  return {
    ...command,
    type: 'policies.commands:createPolicy',
    category: 'CREATE',
    adaptable: { ...adaptable, topic },
  };
}
