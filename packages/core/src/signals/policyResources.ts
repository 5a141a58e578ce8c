import type { JsonValue } from '../json/jsonValue.ts';
import { readImportable, readObject, readPolicy, readPolicyEntries, readPolicyEntry } from './policyModel.ts';
import type { IdPart, Resource, ValueReader } from './resource.ts';

const label: IdPart = { field: 'label', form: 'key' };
const importedPolicyId: IdPart = { field: 'importedPolicyId', form: 'key' };
const object = (name: string): ValueReader => ({ kind: 'object', name, read: readObject });
const any: ValueReader = { kind: 'any', name: 'JsonValue', read: (value: JsonValue) => value };

/** The resources of a policy (protocol/.../adapter/policies/PolicyPathMatcher.java). */
const RESOURCES: readonly Resource[] = [
  { name: 'policy', path: [], field: 'policy', value: { kind: 'object', name: 'Policy', read: readPolicy } },
  { name: 'policyImports', path: ['imports'], field: 'policyImports', value: object('PolicyImports') },
  {
    name: 'policyImport',
    path: ['imports', importedPolicyId],
    field: 'policyImport',
    value: object('PolicyImport'),
  },
  {
    name: 'policyImportEntries',
    path: ['imports', importedPolicyId, 'entries'],
    field: 'policyImportEntries',
    value: any,
  },
  {
    name: 'policyImportTransitiveImports',
    path: ['imports', importedPolicyId, 'transitiveImports'],
    field: 'transitiveImports',
    value: any,
  },
  {
    name: 'policyEntries',
    path: ['entries'],
    field: 'policyEntries',
    value: { kind: 'object', name: 'PolicyEntries', read: readPolicyEntries },
  },
  {
    name: 'policyEntry',
    path: ['entries', label],
    field: 'policyEntry',
    value: { kind: 'object', name: 'PolicyEntry', read: readPolicyEntry },
  },
  { name: 'subjects', path: ['entries', label, 'subjects'], field: 'subjects', value: object('Subjects') },
  {
    name: 'subject',
    path: ['entries', label, 'subjects', { field: 'subjectId', form: 'joined' }],
    field: 'subject',
    value: object('Subject'),
  },
  {
    name: 'resources',
    path: ['entries', label, 'resources'],
    field: 'resources',
    value: object('Resources'),
  },
  {
    name: 'resource',
    path: ['entries', label, 'resources', { field: 'resourceKey', form: 'resourceKey' }],
    field: 'resource',
    value: object('Resource'),
  },
  {
    name: 'policyEntryImportable',
    path: ['entries', label, 'importable'],
    field: 'importable',
    value: { kind: 'string', name: 'ImportableType', read: readImportable },
  },
  {
    name: 'policyEntryAllowedAdditions',
    path: ['entries', label, 'allowedAdditions'],
    field: 'allowedAdditions',
    value: any,
  },
  { name: 'policyEntryNamespaces', path: ['entries', label, 'namespaces'], field: 'namespaces', value: any },
  { name: 'policyEntryReferences', path: ['entries', label, 'references'], field: 'references', value: any },
];

export const policyResources: ReadonlyMap<string, Resource> = new Map(
  RESOURCES.map((resource) => [resource.name, resource]),
);

/** The name of the resource at a path; undefined for unknown paths. */
export function policyResourceAt(keys: readonly string[]): string | undefined {
  switch (keys[0]) {
    case undefined:
      return 'policy';
    case 'imports':
      return importResourceAt(keys);
    case 'entries':
      return entryResourceAt(keys);
    default:
      return undefined;
  }
}

function importResourceAt(keys: readonly string[]): string | undefined {
  if (keys.length === 1) return 'policyImports';
  if (keys.length === 2) return 'policyImport';
  if (keys.length > 3) return undefined;
  if (keys[2] === 'entries') return 'policyImportEntries';
  return keys[2] === 'transitiveImports' ? 'policyImportTransitiveImports' : undefined;
}

const ENTRY_PARTS: ReadonlyMap<string | undefined, string> = new Map([
  ['importable', 'policyEntryImportable'],
  ['allowedAdditions', 'policyEntryAllowedAdditions'],
  ['namespaces', 'policyEntryNamespaces'],
  ['references', 'policyEntryReferences'],
]);

function entryResourceAt(keys: readonly string[]): string | undefined {
  if (keys.length === 1) return 'policyEntries';
  if (keys.length === 2) return 'policyEntry';
  if (keys[2] === 'subjects') return keys.length === 3 ? 'subjects' : 'subject';
  if (keys[2] === 'resources') return keys.length === 3 ? 'resources' : 'resource';
  return keys.length === 3 ? ENTRY_PARTS.get(keys[2]) : undefined;
}
