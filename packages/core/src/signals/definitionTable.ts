import type { Resource } from './resource.ts';
import type { SignalDefinition } from './signalDefinition.ts';

/** Definitions by action and name of the resource. */
export type DefinitionTable = ReadonlyMap<string, ReadonlyMap<string, SignalDefinition>>;

/** One definition for every action on each of its resources. */
export function definitionTable<A extends string>(
  resources: Readonly<Record<A, readonly Resource[]>>,
  define: (action: A, resource: Resource) => SignalDefinition,
): DefinitionTable {
  const actions = Object.keys(resources) as A[];
  return new Map(
    actions.map((action) => [
      action,
      new Map(resources[action].map((resource) => [resource.name, define(action, resource)])),
    ]),
  );
}

/** Every definition of some tables. */
export const definitionsOf = (...tables: readonly DefinitionTable[]): readonly SignalDefinition[] =>
  tables.flatMap((table) => [...table.values()].flatMap((definitions) => [...definitions.values()]));

/** All resources but those of the given names. */
export function without(resources: Iterable<Resource>, ...names: readonly string[]): readonly Resource[] {
  return [...resources].filter(({ name }) => !names.includes(name));
}

/** The resources of the given names. */
export function only(resources: Iterable<Resource>, ...names: readonly string[]): readonly Resource[] {
  return [...resources].filter(({ name }) => names.includes(name));
}
