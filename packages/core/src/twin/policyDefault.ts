import type { JsonObject } from '../json/jsonValue.ts';

const ALL = { grant: ['READ', 'WRITE'], revoke: [] } as const;

/**
 * The policy of a thing that is created without one: who creates it may do everything
 * (things/service/.../ThingCommandEnforcement.java, `getDefaultPolicy`).
 */
export const defaultPolicy = (policyId: string, subject: string): JsonObject => ({
  policyId,
  imports: {},
  entries: {
    DEFAULT: {
      subjects: Object.fromEntries([[subject, { type: 'generated' }]]),
      resources: { 'thing:/': ALL, 'policy:/': ALL, 'message:/': ALL },
      importable: 'implicit',
    },
  },
});
