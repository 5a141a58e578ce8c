import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { formatPointer } from '../protocol/pointer.ts';
import type { Signal } from '../protocol/signal.ts';
import { policyResourceAt } from '../signals/policyResources.ts';

/* How commands about policies are refused (policies/model/.../signals/commands/exceptions/*.java). */

const NOT_FOUND = 'could not be found or requester had insufficient permissions to access it.';
const LACKING_WRITE = 'could not be modified as the requester had insufficient permissions.';

/** Parts of a policy of which errors have names of their own; of what is inside an entry or import they name that. */
type Part = 'policy' | 'imports' | 'import' | 'entry' | 'subjects' | 'subject' | 'resources' | 'resource';

function partOf(keys: readonly string[]): Part {
  switch (policyResourceAt(keys)) {
    case undefined:
    case 'policy':
    case 'policyEntries':
      return 'policy';
    case 'policyImports':
      return 'imports';
    case 'policyImport':
    case 'policyImportEntries':
    case 'policyImportTransitiveImports':
      return 'import';
    case 'subjects':
      return 'subjects';
    case 'subject':
      return 'subject';
    case 'resources':
      return 'resources';
    case 'resource':
      return 'resource';
    default:
      return 'entry';
  }
}

/** What the requester may not write (policies/model/.../PolicyCommandToModifyExceptionRegistry.java). */
export function policyNotModifiable({ entityId: id = '', resourcePath, category }: Signal): DittoError {
  const keys = keysOf(resourcePath);
  const ofEntry = `of the PolicyEntry with Label '${keys[1]}' on the Policy with ID '${id}' ${LACKING_WRITE}`;
  switch (partOf(keys)) {
    case 'policy':
      return category === 'CREATE'
        ? makeError(
            'policies:policy.notcreatable',
            `The Policy with ID '${id}' could not be created as the requester had insufficient permissions.`,
          )
        : makeError('policies:policy.notmodifiable', `The Policy with ID '${id}' ${LACKING_WRITE}`);
    case 'imports':
      return makeError(
        'policies:imports.notmodifiable',
        `The Imports of the Policy with ID '${id}' ${LACKING_WRITE}`,
      );
    case 'import':
      return makeError(
        'policies:import.notmodifiable',
        `The Import of the Policy with ID '${keys[1]}' in Policy with ID '${id}' ${LACKING_WRITE}`,
      );
    case 'entry':
      return makeError(
        'policies:entry.notmodifiable',
        `The PolicyEntry with Label '${keys[1]}' on the Policy with ID '${id}' ${LACKING_WRITE}`,
      );
    case 'subjects':
      return makeError('policies:subjects.notmodifiable', `The Subjects ${ofEntry}`);
    case 'subject':
      return makeError(
        'policies:subject.notmodifiable',
        `The Subject with ID '${keys.slice(3).join('/')}' ${ofEntry}`,
      );
    case 'resources':
      return makeError('policies:resources.notmodifiable', `The Resources ${ofEntry}`);
    case 'resource':
      return makeError('policies:resource.notmodifiable', `The Resource '${resourcePath}' ${ofEntry}`);
  }
}

/** What the requester may not read (policies/model/.../PolicyCommandToAccessExceptionRegistry.java). */
export const policyNotAccessible = ({ entityId = '', resourcePath }: Signal): DittoError => {
  const keys = keysOf(resourcePath);
  const part = partOf(keys);
  return part === 'resource'
    ? resourceNotFound(entityId, keys[1] ?? '', resourcePath)
    : policyPartNotFound(entityId, keys);
};

/** Nothing is at a path of a policy (policies/service/.../AbstractPolicyCommandStrategy.java). */
export function policyPartNotFound(id: string, keys: readonly string[]): DittoError {
  const label = keys[1] ?? '';
  const ofEntry = `of the PolicyEntry with Label '${label}' on the Policy with ID '${id}' ${NOT_FOUND}`;
  switch (partOf(keys)) {
    case 'policy':
      return unknownPolicy(id);
    case 'imports':
      return makeError('policies:imports.notfound', `The imports of the Policy with ID '${id}' ${NOT_FOUND}`);
    case 'import':
      return makeError(
        'policies:import.notfound',
        `The Policy import '${label}' of Policy '${id}' ${NOT_FOUND}`,
      );
    case 'entry':
      return entryNotFound(id, label);
    case 'subjects':
      return makeError('policies:subjects.notfound', `The Subjects ${ofEntry}`);
    case 'subject':
      return makeError(
        'policies:subject.notfound',
        `The Subject with ID '${keys.slice(3).join('/')}' ${ofEntry}`,
      );
    case 'resources':
      return makeError('policies:resources.notfound', `The Resources ${ofEntry}`);
    case 'resource':
      return resourceNotFound(id, label, `${keys[3] ?? ''}${formatPointer(keys.slice(4))}`);
  }
}

/** policies/model/.../PolicyNotAccessibleException.java */
export const unknownPolicy = (id: string): DittoError =>
  makeError('policies:policy.notfound', `The Policy with ID '${id}' ${NOT_FOUND}`);

export const entryNotFound = (id: string, label: string): DittoError =>
  makeError(
    'policies:entry.notfound',
    `The PolicyEntry with Label '${label}' on the Policy with ID '${id}' ${NOT_FOUND}`,
  );

/** @param path of the resource, `thing:/a` */
const resourceNotFound = (id: string, label: string, path: string): DittoError =>
  makeError(
    'policies:resource.notfound',
    `The Resource '${path}' of the PolicyEntry with Label '${label}' on the Policy with ID '${id}' ${NOT_FOUND}`,
  );

export const policyConflict = (id: string): DittoError =>
  makeError('policies:policy.conflict', `The Policy with ID '${id}' already exists`);

/** policies/model/.../PolicyModificationInvalidException.java */
export const policyInvalid = (id: string, description: string): DittoError =>
  makeError(
    'policies:policy.modificationinvalid',
    `The Policy with ID '${id}' could not be modified as the resulting Policy would be invalid.`,
    { description },
  );

/** policies/model/.../PolicyEntryModificationInvalidException.java */
export const entryInvalid = (id: string, label: string, description: string): DittoError =>
  makeError(
    'policies:entry.modificationinvalid',
    `The PolicyEntry with Label '${label}' on the Policy with ID '${id}' could not be modified as the resulting Policy would be invalid.`,
    { description },
  );
