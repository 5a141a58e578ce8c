import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { objectOf } from '../json/valueAt.ts';
import {
  checkedEntries,
  checkedEntry,
  checkedImport,
  checkedImports,
  checkedPermissions,
  checkedResourceKey,
  checkedResources,
  checkedSubject,
  checkedSubjects,
} from './policyModelChecks.ts';
import type { PolicyPlace } from './policyPlace.ts';
import { storedPolicy } from './policyState.ts';

/** Reads the value of a command for one kind of resource into what is stored there. @throws DittoError */
type ValueCheck = (value: JsonValue, place: PolicyPlace, policyId: string) => JsonValue;

/** Resources of a policy that can be modified, by name. */
export const checkedValues: ReadonlyMap<string, ValueCheck> = new Map<string, ValueCheck>([
  ['policy', (value, _place, policyId) => checkedPolicy(objectOf(value), policyId)],
  ['policyImports', (value, _place, policyId) => checkedImports(objectOf(value), policyId)],
  ['policyImport', (value, [, id = ''], policyId) => checkedImport(id, value, policyId)],
  ['policyEntries', (value) => checkedEntries(objectOf(value))],
  ['policyEntry', (value, [, label = '']) => checkedEntry(label, objectOf(value))],
  ['subjects', (value) => checkedSubjects(objectOf(value))],
  ['subject', (value, place) => checkedSubject(place[3] ?? '', value)],
  ['resources', (value) => checkedResources(objectOf(value))],
  ['resource', (value, place) => checkedPermissions(checkedResourceKey(place[3] ?? ''), value)],
  ['policyEntryImportable', (value) => value],
]);

/** @throws DittoError of what is in its entries and imports */
export function checkedPolicy(policy: JsonObject, policyId: string): JsonObject {
  const { imports, entries } = storedPolicy(policy, policyId);
  return {
    policyId,
    imports: checkedImports(objectOf(imports), policyId),
    entries: checkedEntries(objectOf(entries)),
  };
}
