import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { effectiveEntries, type ImportedPolicies } from './policyEntries.ts';
import type { PolicyResource } from './policyResource.ts';
import { type Below, holdsAll, type Place, placeOf, type Question } from './policyStanding.ts';
import { type PolicySubjects, policySubjects } from './policySubjects.ts';
import { nodesTo, type PolicyNode, policyTrie, visitBelow } from './policyTrie.ts';
import { jsonView, valueView } from './policyView.ts';

export type Permission = 'READ' | 'WRITE' | 'EXECUTE';

export interface EffectedSubjects {
  readonly granted: readonly string[];
  readonly revoked: readonly string[];
}

/**
 * Answers what subjects may do with the resources of a policy (policies/model/.../enforcers/Enforcer.java). Permissions are
 * asked for together: all of them have to be held. Of several subjects one that is granted something is enough, unless it is
 * revoked from another one on the same or a deeper level.
 */
export interface PolicyEnforcer {
  /** On the resource and everything below it. */
  hasUnrestrictedPermissions(
    resource: PolicyResource,
    subjects: readonly string[],
    permissions: readonly string[],
  ): boolean;
  /** On the resource or on something below it. */
  hasPartialPermissions(
    resource: PolicyResource,
    subjects: readonly string[],
    permissions: readonly string[],
  ): boolean;
  /** To whom the permissions are granted and from whom revoked on the resource itself, whatever is below it. */
  getSubjectsWithPermission(resource: PolicyResource, permissions: readonly string[]): EffectedSubjects;
  getSubjectsWithPartialPermission(
    resource: PolicyResource,
    permissions: readonly string[],
  ): readonly string[];
  getSubjectsWithUnrestrictedPermission(
    resource: PolicyResource,
    permissions: readonly string[],
  ): readonly string[];
  /** The members of the JSON of a resource that subjects hold the permissions on; empty when there are none. */
  buildJsonView(
    resource: PolicyResource,
    json: JsonObject,
    subjects: readonly string[],
    permissions: readonly string[],
  ): JsonObject;
  /** As `buildJsonView`, of any value; undefined when nothing of it is left. */
  buildValueView(
    resource: PolicyResource,
    json: JsonValue,
    subjects: readonly string[],
    permissions: readonly string[],
  ): JsonValue | undefined;
  /** ISO instant at which the first of the subjects that count now expires: the policy has to be compiled anew after it. */
  readonly validUntil: string | undefined;
}

export interface CompileOptions {
  /** ISO instant; subjects that expired before it do not count. Without it none expires. */
  readonly now?: string;
  /** The policies that this one imports. Imports of others do not count. */
  readonly imported?: ImportedPolicies;
}

/** Makes a policy's JSON ready for many questions (policies/model/.../enforcers/trie/TrieBasedPolicyEnforcer.java). Never throws. */
export function compilePolicy(policy: JsonObject, options: CompileOptions = {}): PolicyEnforcer {
  const entries = effectiveEntries(policy, options.imported ?? new Map());
  return new TrieEnforcer(entries, options.now);
}

class TrieEnforcer implements PolicyEnforcer {
  readonly validUntil: string | undefined;
  readonly #root: PolicyNode;
  readonly #subjects: PolicySubjects;

  constructor(entries: readonly JsonObject[], now: string | undefined) {
    this.#root = policyTrie(entries);
    this.#subjects = policySubjects(entries, now);
    this.validUntil = this.#subjects.validUntil;
  }

  hasUnrestrictedPermissions(
    resource: PolicyResource,
    subjects: readonly string[],
    permissions: readonly string[],
  ): boolean {
    return this.#holdsAll(resource, subjects, permissions, 'revokes');
  }

  hasPartialPermissions(
    resource: PolicyResource,
    subjects: readonly string[],
    permissions: readonly string[],
  ): boolean {
    return this.#holdsAll(resource, subjects, permissions, 'grants');
  }

  getSubjectsWithPermission(resource: PolicyResource, permissions: readonly string[]): EffectedSubjects {
    const place = this.#placeForAll(resource, permissions, 'nothing');
    return {
      granted: this.#granted(place, permissions, this.#grantedSomewhere(resource, permissions, 'nothing')),
      revoked: this.#revoked(place, permissions),
    };
  }

  getSubjectsWithPartialPermission(
    resource: PolicyResource,
    permissions: readonly string[],
  ): readonly string[] {
    const place = this.#placeForAll(resource, permissions, 'grants');
    return this.#granted(place, permissions, this.#grantedSomewhere(resource, permissions, 'grants'));
  }

  getSubjectsWithUnrestrictedPermission(
    resource: PolicyResource,
    permissions: readonly string[],
  ): readonly string[] {
    const place = this.#placeForAll(resource, permissions, 'revokes');
    const granted = this.#granted(
      place,
      permissions,
      this.#grantedSomewhere(resource, permissions, 'revokes'),
    );
    const revoked = new Set(this.#revoked(place, permissions));
    return granted.filter((subject) => !revoked.has(subject));
  }

  buildJsonView(
    resource: PolicyResource,
    json: JsonObject,
    subjects: readonly string[],
    permissions: readonly string[],
  ): JsonObject {
    const question = this.#question(subjects, permissions);
    return jsonView(question, json, placeOf(question, this.#root, resource, 'nothing'));
  }

  buildValueView(
    resource: PolicyResource,
    json: JsonValue,
    subjects: readonly string[],
    permissions: readonly string[],
  ): JsonValue | undefined {
    const question = this.#question(subjects, permissions);
    return valueView(question, json, placeOf(question, this.#root, resource, 'nothing'));
  }

  #holdsAll(
    resource: PolicyResource,
    subjects: readonly string[],
    permissions: readonly string[],
    below: Below,
  ): boolean {
    const question = this.#question(subjects, permissions);
    return holdsAll(question, placeOf(question, this.#root, resource, below).standing);
  }

  #question(subjects: readonly string[], permissions: readonly string[]): Question {
    const known = [...new Set(subjects)].flatMap((subject) => this.#subjects.entriesOf.get(subject) ?? []);
    return { entriesOf: known, permissions };
  }

  #placeForAll(resource: PolicyResource, permissions: readonly string[], below: Below): Place {
    const question = { entriesOf: this.#subjects.groups.map(({ entries }) => entries), permissions };
    return placeOf(question, this.#root, resource, below);
  }

  /** Subjects that hold each of the permissions `asked`, which are some of `permissions`. */
  #granted(
    { standing }: Place,
    permissions: readonly string[],
    asked: readonly boolean[],
  ): readonly string[] {
    if (!asked.includes(true)) return [];
    return this.#subjectsOf((group) =>
      asked.every((isAsked, index) => !isAsked || isSet(standing.granted, group, permissions, index)),
    );
  }

  #revoked({ standing }: Place, permissions: readonly string[]): readonly string[] {
    return this.#subjectsOf((group) =>
      permissions.some((_, index) => isSet(standing.revoked, group, permissions, index)),
    );
  }

  #subjectsOf(matches: (group: number) => boolean): readonly string[] {
    return this.#subjects.groups.flatMap(({ subjects }, group) => (matches(group) ? subjects : []));
  }

  /** Of several permissions those that no rule around the resource grants to anybody are not asked for, as in Ditto. */
  #grantedSomewhere(
    resource: PolicyResource,
    permissions: readonly string[],
    below: Below,
  ): readonly boolean[] {
    const nodes = nodesTo(this.#root, resource);
    const rules = nodes.flatMap((node) => node.rules);
    const last = nodes.at(-1);
    if (below === 'grants' && last !== undefined && nodes.length === resource.length + 1)
      visitBelow(last, nodes.length, (node) => rules.push(...node.rules));
    return permissions.map((permission) => rules.some(({ granted }) => granted.has(permission)));
  }
}

const isSet = (levels: Int32Array, subject: number, permissions: readonly string[], index: number): boolean =>
  (levels[subject * permissions.length + index] ?? 0) > 0;
