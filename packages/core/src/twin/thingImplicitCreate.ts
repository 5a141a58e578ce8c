import { mergePatched } from '../json/mergePatch.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import type { Signal } from '../protocol/signal.ts';
import type { ThingState } from './thingState.ts';

/**
 * `modify` and `merge` of a whole thing that is not there, made the `createThing` that they stand for; any other command as
 * it is. Permissions are judged after this (things/service/.../enforcement/pre/ModifyToCreateThingTransformer.java). The value
 * keeps what it tells of a policy.
 */
export function implicitCreate(command: Signal, state: ThingState): Signal {
  const { adaptable, category } = command;
  const isMerge = category === 'MERGE';
  if (state.lifecycle === 'active' || !(isMerge || category === 'MODIFY')) return command;
  if (keysOf(adaptable.path).length > 0) return command;
  const value = adaptable.value ?? {};
  return {
    ...command,
    type: 'things.commands:createThing',
    category: 'CREATE',
    adaptable: {
      ...adaptable,
      topic: { ...adaptable.topic, action: 'create' },
      value: isMerge ? mergePatched({}, value) : value,
    },
  };
}
