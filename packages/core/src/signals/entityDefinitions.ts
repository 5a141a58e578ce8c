import type { DittoError } from '../errors/dittoError.ts';
import { optionalString, requiredString } from '../json/fields.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { canonicalFields } from '../protocol/fieldSelector.ts';
import { illegalAdaptable, printedStatus } from '../protocol/protocolErrors.ts';
import type { CommandCategory, Signal } from '../protocol/signal.ts';
import {
  type EntityKind,
  entityCommand,
  entityEvent,
  entityIdOf,
  entityResponse,
  eventJson,
  eventPartsFromJson,
  idsInJson,
  pathFromJson,
  statusFromJson,
  topicOf,
  upperFirst,
  valueFromJson,
  valueInJson,
} from './entitySignals.ts';
import { legal, missingResponseValue, readResponseValue } from './readValue.ts';
import { checkInnerKeys, type Resource } from './resource.ts';
import type { SignalDefinition } from './signalDefinition.ts';

/* The regular signals of things and policies: one definition for each action on each resource. */

export type CommandAction = 'create' | 'modify' | 'delete' | 'retrieve';
export type EventAction = 'created' | 'modified' | 'deleted';

const CATEGORIES: Readonly<Record<CommandAction, CommandCategory>> = {
  create: 'CREATE',
  modify: 'MODIFY',
  delete: 'DELETE',
  retrieve: 'QUERY',
};

const RESPONSE_STATUSES: Readonly<Record<CommandAction, readonly number[]>> = {
  create: [201],
  modify: [201, 204],
  delete: [204],
  retrieve: [200],
};

export function commandDefinition(
  kind: EntityKind,
  action: CommandAction,
  resource: Resource,
): SignalDefinition {
  const type = `${kind.group}.commands:${action}${upperFirst(resource.name)}`;
  const category = CATEGORIES[action];
  const hasValue = action === 'create' || action === 'modify';
  return {
    type,
    make: (adaptable, headers) => {
      const entityId = entityIdOf(kind, adaptable.topic);
      const value = hasValue ? kind.readValue(resource.value, adaptable.value) : undefined;
      checkInnerKeys(resource, adaptable.path);
      return entityCommand(adaptable, headers, { type, category, entityId, kind, value });
    },
    toJson: (signal) => {
      const { path, value, fields } = signal.adaptable;
      return {
        type,
        [kind.idField]: signal.entityId,
        ...idsInJson(resource, path),
        ...valueInJson(resource.field, value),
        ...(fields === undefined ? {} : { selectedFields: fields }),
      };
    },
    fromJson: (json, headers) => {
      const fields = optionalString(json, 'selectedFields');
      return {
        topic: topicOf(kind, requiredString(json, kind.idField), 'commands', action, headers),
        headers,
        path: pathFromJson(resource, json),
        value: hasValue ? valueFromJson(resource, json) : undefined,
        fields: fields === undefined ? undefined : canonicalFields(fields),
      };
    },
  };
}

/** Where the value of a response stands in signal JSON, if it differs from the resource's own. */
export interface ResponseOverrides {
  readonly resourcePath?: string;
  readonly valueToJson?: (value: JsonValue, signal: Signal) => JsonObject;
  readonly valueFromJson?: (json: JsonObject) => JsonValue | undefined;
  /** Whether signal JSON names the entity; else the value does. */
  readonly isNamed?: boolean;
  /** Reads the value otherwise than the commands do. */
  readonly readValue?: (adaptable: Adaptable, type: string) => JsonValue | undefined;
}

export function responseDefinition(
  kind: EntityKind,
  action: CommandAction,
  resource: Resource,
  overrides: ResponseOverrides = {},
): SignalDefinition {
  const type = `${kind.group}.responses:${action}${upperFirst(resource.name)}`;
  const readValue =
    overrides.readValue ?? ((adaptable) => responseValue(kind, action, resource, adaptable, type));
  const toJson = overrides.valueToJson ?? ((value) => ({ [resource.field]: value }));
  return {
    type,
    make: (adaptable, headers) => {
      const entityId = entityIdOf(kind, adaptable.topic);
      const value = action === 'delete' ? undefined : readValue(adaptable, type);
      checkStatus(action, resource, adaptable, type);
      legal(type, adaptable, () => checkInnerKeys(resource, adaptable.path));
      const resourcePath = overrides.resourcePath ?? adaptable.path;
      return entityResponse(adaptable, headers, { type, entityId, kind, value, resourcePath });
    },
    toJson: (signal) => {
      const { path, value } = signal.adaptable;
      return {
        type,
        status: signal.status,
        ...(overrides.isNamed === false ? {} : { [kind.idField]: signal.entityId }),
        ...idsInJson(resource, path),
        ...(value === undefined ? {} : toJson(value, signal)),
      };
    },
    fromJson: (json, headers) => {
      const id =
        overrides.isNamed === false
          ? requiredString(
              (json[resource.field] ?? {}) as JsonObject,
              kind.idField,
              `/${resource.field}/${kind.idField}`,
            )
          : requiredString(json, kind.idField);
      return {
        topic: topicOf(kind, id, 'commands', action, headers),
        headers,
        path: pathFromJson(resource, json),
        value:
          overrides.valueFromJson === undefined
            ? valueFromJson(resource, json)
            : overrides.valueFromJson(json),
        status: statusFromJson(json),
      };
    },
  };
}

/** Resources whose responses tell `null` when they were modified, others tell no value. */
export const NULL_WHEN_MODIFIED: ReadonlySet<string> = new Set(['attributes', 'features', 'feature']);

function responseValue(
  kind: EntityKind,
  action: CommandAction,
  resource: Resource,
  adaptable: Adaptable,
  type: string,
): JsonValue | undefined {
  const value =
    kind.group === 'policies' && action === 'retrieve'
      ? kind.readValue(resource.value, adaptable.value)
      : readResponseValue(resource.value, adaptable, type);
  if (value === undefined) {
    if (action !== 'modify') throw missingResponseValue(resource.value, adaptable, type);
    return NULL_WHEN_MODIFIED.has(resource.name) ? null : undefined;
  }
  if (action === 'modify' && adaptable.status === 204 && value !== null) {
    const cause = `${resource.value.name} <${stringifyJson(value)}> is illegal in conjunction with <${printedStatus(204)}>.`;
    throw illegalAdaptable(type, adaptable, cause, undefined);
  }
  return value;
}

function checkStatus(action: CommandAction, resource: Resource, adaptable: Adaptable, type: string): void {
  const allowed = RESPONSE_STATUSES[action];
  const { status } = adaptable;
  if (status !== undefined && allowed.includes(status)) return;
  const className = `${upperFirst(action)}${upperFirst(resource.name)}Response`;
  throw wrongStatus(type, adaptable, className, allowed);
}

/** The status of a response does not fit (base/model/.../signals/commands/CommandResponseHttpStatusValidator.java). */
export function wrongStatus(
  type: string,
  adaptable: Adaptable,
  className: string,
  allowed: readonly number[],
): DittoError {
  const status = adaptable.status === undefined ? 'null' : printedStatus(adaptable.status);
  const cause = `${status} is invalid. ${className} only allows [${allowed.map(printedStatus).join(', ')}].`;
  return illegalAdaptable(type, adaptable, cause, undefined);
}

export interface EventOverrides {
  /** The path that the event's Protocol form shows, where Ditto's model lost the full one. */
  readonly resourcePath?: (path: string) => string;
  readonly valueToJson?: (value: JsonValue, signal: Signal) => JsonObject;
}

export function eventDefinition(
  kind: EntityKind,
  action: EventAction,
  resource: Resource,
  overrides: EventOverrides = {},
): SignalDefinition {
  const type = `${kind.group}.events:${resource.name}${upperFirst(action)}`;
  const toJson = overrides.valueToJson ?? ((value) => ({ [resource.field]: value }));
  return {
    type,
    make: (adaptable, headers) => {
      const entityId = entityIdOf(kind, adaptable.topic);
      const value = action === 'deleted' ? undefined : kind.readValue(resource.value, adaptable.value);
      const resourcePath = overrides.resourcePath?.(adaptable.path) ?? adaptable.path;
      checkInnerKeys(resource, adaptable.path);
      return entityEvent(adaptable, headers, { type, entityId, kind, value, resourcePath });
    },
    toJson: (signal) => {
      const { path, value } = signal.adaptable;
      return {
        ...eventJson(signal),
        [kind.idField]: signal.entityId,
        ...idsInJson(resource, path),
        ...(value === undefined ? {} : toJson(value, signal)),
      };
    },
    fromJson: (json: JsonObject, headers: DittoHeaders) => ({
      topic: topicOf(kind, requiredString(json, kind.idField), 'events', action, headers),
      headers,
      path: pathFromJson(resource, json),
      value: action === 'deleted' ? undefined : valueFromJson(resource, json),
      ...eventPartsFromJson(json),
    }),
  };
}
