import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { decidePolicy } from './decidePolicy.ts';
import { absentPolicy, evolvePolicy, type PolicyState } from './policyState.ts';

interface Vector {
  readonly start: JsonObject;
  readonly steps: readonly JsonObject[];
  readonly result: JsonObject;
}
const file = new URL('../../../testkit/vectors/twin/policy-sequences.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as { vectors: readonly Vector[] };

const NOW = '2024-01-01T00:00:00Z';
function after(state: PolicyState, message: JsonObject): PolicyState {
  const { event } = decidePolicy(signalFromAdaptable(parseAdaptable(message)), state, NOW);
  return evolvePolicy(state, event as Signal);
}

test("policies become what Ditto's model makes of them, member by member", () => {
  expect(vectors.length).toBeGreaterThan(30);
  for (const { start, steps, result } of vectors) {
    const create = { topic: 'ns/p/policies/commands/create', path: '/', value: start };
    const end = [create, ...steps].reduce(after, absentPolicy);
    expect(JSON.stringify(end.policy)).toBe(JSON.stringify(result));
    expect(end.revision).toBe(steps.length + 1);
  }
});
