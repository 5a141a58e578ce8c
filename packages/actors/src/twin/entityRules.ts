import {
  absentPolicy,
  absentThing,
  evolvePolicy,
  evolveThing,
  type JsonObject,
  type PolicyState,
  type ThingState,
} from '@hawser/core';
import type { EntityRules } from './entityTask.ts';

/** Pids and snapshots as Ditto has them (things/service/.../ThingPersistenceActor.java, PolicyPersistenceActor.java). */
export const thingRules: EntityRules<ThingState> = {
  pidPrefix: 'thing:',
  initial: absentThing,
  revisionOf: ({ revision }) => revision,
  evolve: evolveThing,
  stateToJson: ({ thing, ...stamp }) => ({ ...thing, ...stampToJson(stamp) }),
  stateFromJson: (json) => {
    const { regular, stamp } = parts(json);
    return { ...stamp, thing: regular };
  },
};

export const policyRules: EntityRules<PolicyState> = {
  pidPrefix: 'policy:',
  initial: absentPolicy,
  revisionOf: ({ revision }) => revision,
  evolve: evolvePolicy,
  stateToJson: ({ policy, ...stamp }) => ({ ...policy, ...stampToJson(stamp) }),
  stateFromJson: (json) => {
    const { regular, stamp } = parts(json);
    return { ...stamp, policy: regular };
  },
};

type Stamp = Omit<ThingState, 'thing'>;

function stampToJson({ lifecycle, revision, created, modified }: Stamp): JsonObject {
  return {
    __lifecycle: lifecycle === 'active' ? 'ACTIVE' : 'DELETED',
    _revision: revision,
    ...(created === undefined ? {} : { _created: created }),
    ...(modified === undefined ? {} : { _modified: modified }),
  };
}

function parts(json: JsonObject): { readonly regular: JsonObject; readonly stamp: Stamp } {
  const {
    __lifecycle: lifecycle,
    _revision: revision,
    _created: created,
    _modified: modified,
    ...regular
  } = json;
  return {
    regular,
    stamp: {
      lifecycle: lifecycle === 'ACTIVE' ? 'active' : 'deleted',
      revision: Number(revision),
      created: typeof created === 'string' ? created : undefined,
      modified: typeof modified === 'string' ? modified : undefined,
    },
  };
}
