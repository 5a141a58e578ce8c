import { unspecificError } from '../errors/unspecificFailure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { type DefinitionTable, definitionTable, only } from './definitionTable.ts';
import {
  type CommandAction,
  commandDefinition,
  type EventAction,
  eventDefinition,
  responseDefinition,
} from './entityDefinitions.ts';
import { checkPolicyId } from './entityId.ts';
import type { EntityKind } from './entitySignals.ts';
import { readPolicy } from './policyModel.ts';
import { policyResources } from './policyResources.ts';
import { readPolicyValue } from './readValue.ts';
import type { Resource } from './resource.ts';
import { withNamespace } from './thingKind.ts';

/* The signals of policies by action and resource (protocol/.../mappingstrategies/Policy*MappingStrategies.java). */

export const policyKind: EntityKind = {
  group: 'policies',
  entityType: 'policy',
  idField: 'policyId',
  checkId: checkPolicyId,
  readValue: readPolicyValue,
};

const resources = [...policyResources.values()];
const commandResources = {
  create: only(resources, 'policy'),
  modify: resources,
  delete: only(
    resources,
    'policy',
    'policyEntry',
    'resource',
    'subject',
    'policyImports',
    'policyImport',
    'policyEntryAllowedAdditions',
    'policyEntryReferences',
  ),
  retrieve: resources,
};

/** Commands and events show the policy with its namespace also in Protocol form. */
function shownWithNamespace(resource: Resource): Resource {
  if (resource.name !== 'policy') return resource;
  const read = (json: JsonObject) => withNamespace(readPolicy(json), 'policyId');
  return { ...resource, value: { kind: 'object', name: 'Policy', read } };
}

export const policyCommands: DefinitionTable = definitionTable<CommandAction>(
  commandResources,
  (action, resource) =>
    action === 'create'
      ? unnamed(commandDefinition(policyKind, action, shownWithNamespace(resource)))
      : commandDefinition(policyKind, action, shownWithNamespace(resource)),
);

/** The signal JSON of `createPolicy` names the policy in its value only. */
function unnamed(definition: ReturnType<typeof commandDefinition>): ReturnType<typeof commandDefinition> {
  return {
    ...definition,
    toJson: (signal) => {
      const { policyId: _, ...json } = definition.toJson(signal);
      return json;
    },
    fromJson: (json, headers) => {
      const policy = isJsonObject(json['policy']) ? json['policy'] : {};
      return definition.fromJson({ policyId: policy['policyId'], ...json }, headers);
    },
  };
}

const policyInJson = { valueToJson: (policy: JsonValue) => ({ policy: withNamespace(policy, 'policyId') }) };

export const policyResponses: DefinitionTable = definitionTable<CommandAction>(
  commandResources,
  (action, resource) => {
    if (resource.name === 'policy' && action === 'retrieve') {
      return responseDefinition(policyKind, action, resource, { readValue: plainPolicy });
    }
    if (resource.name === 'policy') return responseDefinition(policyKind, action, resource, policyInJson);
    // policies/model/.../ModifyPolicyImportResponse.java names no resource unless an import was created.
    if (resource.name === 'policyImport' && action === 'modify') {
      return responseDefinition(policyKind, action, resource, { resourcePath: '/' });
    }
    return responseDefinition(policyKind, action, resource);
  },
);

/** A retrieved policy is passed on as it is; it may have any fields. */
function plainPolicy({ value }: Adaptable): JsonObject {
  if (isJsonObject(value)) return value;
  throw unspecificError('NullPointerException', 'Payload value must be a non-null object.');
}

/** policies/model/.../ResourceCreated.java and ResourceModified.java name the resources instead of the resource. */
const parentPath = { resourcePath: (path: string) => path.split('/').slice(0, 4).join('/') };

export const policyEvents: DefinitionTable = definitionTable<EventAction>(
  {
    created: only(resources, 'policy', 'policyEntry', 'resource', 'subject'),
    modified: only(
      resources,
      'policy',
      'policyEntries',
      'policyEntry',
      'policyEntryImportable',
      'resources',
      'resource',
      'subjects',
      'subject',
    ),
    deleted: only(resources, 'policy', 'policyEntry', 'resource', 'subject', 'policyImports'),
  },
  (action, resource) => {
    const losesKey = resource.name === 'resource' && action !== 'deleted';
    return eventDefinition(policyKind, action, shownWithNamespace(resource), losesKey ? parentPath : {});
  },
);
