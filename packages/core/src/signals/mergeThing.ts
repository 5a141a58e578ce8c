import { jsonFieldMissing } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import { formatPointer, parsePointer } from '../protocol/pointer.ts';
import { unknownPath } from '../protocol/protocolErrors.ts';
import { wrongStatus } from './entityDefinitions.ts';
import {
  entityCommand,
  entityEvent,
  entityIdOf,
  entityResponse,
  eventJson,
  eventPartsFromJson,
  statusFromJson,
  topicOf,
  valueInJson,
} from './entitySignals.ts';
import { initialPolicyFromJson, readInitialPolicy, splitInitialPolicy } from './initialPolicy.ts';
import { readThingValue } from './readValue.ts';
import { checkInnerKeys, type Resource } from './resource.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { thingKind } from './thingKind.ts';
import { thingResourceAt, thingResources } from './thingResources.ts';

/*
 * Merging has one type whatever the path; the patch is judged as the resource would be, but `null` removes
 * (protocol/.../mappingstrategies/ThingMerge*MappingStrategies.java).
 */

const MERGE_PATCH = 'application/merge-patch+json';
const RFC = 'https://tools.ietf.org/html/rfc7396';
const COMMAND = 'things.commands:mergeThing';
const RESPONSE = 'things.responses:mergeThing';
const EVENT = 'things.events:thingMerged';

/** @throws DittoError `protocoladapter:unknown.path` */
function mergeableAt(path: string): Resource {
  const resource = thingResources.get(thingResourceAt(parsePointer(path)) ?? '');
  if (resource === undefined) throw unknownPath(path);
  return resource;
}

function readPatch({ path, value }: Adaptable, entityId: string): JsonValue {
  const resource = mergeableAt(path);
  if (resource.name === 'thing') return readThingPatch(resource, value, entityId);
  if (value === null && resource.name === 'policyId') throw policyIdNotDeletable();
  if (value === null) return null;
  return readThingValue(resource.value, value);
}

function readThingPatch(resource: Resource, value: JsonValue | undefined, entityId: string): JsonValue {
  const thing = isJsonObject(value) ? value : {};
  if (thing['thingId'] === null) {
    throw makeError('things:id.notdeletable', 'The Thing ID of a Thing cannot be deleted.');
  }
  if (thing['policyId'] === null) throw policyIdNotDeletable();
  const patch = readThingValue(resource.value, value);
  if (isJsonObject(patch) && patch['thingId'] !== undefined && patch['thingId'] !== entityId) {
    throw makeError(
      'things:id.notsettable',
      'The Thing ID in the thing JSON is not equal to the Thing ID in the topic path.',
    );
  }
  if (isJsonObject(patch) && Object.keys(patch).length === 0) throw nothingToMerge();
  return { ...(patch as JsonObject), ...readInitialPolicy(thing, entityId) };
}

/** things/model/.../signals/commands/modify/MergeThing.java, `ensureThingIsNotNullOrEmpty` */
const nothingToMerge = () =>
  makeError('things:merge.invalid', 'The provided json value can not be applied at this resource', {
    href: RFC,
  });

const policyIdNotDeletable = () =>
  makeError('things:policyId.notdeletable', 'The Policy ID of a Thing cannot be deleted.');

/** @throws DittoError `mediatype.unsupported` */
function checkContentType(headers: DittoHeaders): void {
  const contentType = headerValue(headers, 'content-type');
  if (contentType !== undefined && mediaType(contentType) === MERGE_PATCH) return;
  const message =
    contentType === undefined
      ? `The Content-Type header was empty or not present. Please set Content-Type header to "${MERGE_PATCH}" for this resource`
      : `The Media-Type <${contentType}> is not supported for this resource.`;
  throw makeError('mediatype.unsupported', message, {
    description: `Allowed Media-Type is: <${MERGE_PATCH}>.`,
    href: RFC,
  });
}

const mediaType = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

function fromJson(json: JsonObject, headers: DittoHeaders, criterion: 'commands' | 'events', action: string) {
  return {
    topic: topicOf(thingKind, requiredString(json, 'thingId'), criterion, action, headers),
    headers,
    // a pointer, unlike the path of a message: `~0` is a tilde
    path: formatPointer(parsePointer(requiredString(json, 'path'))),
  };
}

function valueFromJson(json: JsonObject): JsonValue {
  const value = Object.hasOwn(json, 'value') ? json['value'] : undefined;
  if (value === undefined) throw jsonFieldMissing('/value');
  return value;
}

export const mergeThing: SignalDefinition = {
  type: COMMAND,
  make: (adaptable, headers) => {
    const resource = mergeableAt(adaptable.path);
    checkContentType(headers);
    const entityId = entityIdOf(thingKind, adaptable.topic);
    const value = readPatch(adaptable, entityId);
    checkInnerKeys(resource, adaptable.path);
    return entityCommand(adaptable, headers, {
      type: COMMAND,
      category: 'MERGE',
      entityId,
      kind: thingKind,
      value,
    });
  },
  toJson: ({ entityId, adaptable: { path, value } }) => {
    const head = { type: COMMAND, thingId: entityId, path };
    if (path !== '/') return { ...head, ...valueInJson('value', value) };
    const { thing, policyJson } = splitInitialPolicy(value);
    return { ...head, value: thing, ...policyJson };
  },
  fromJson: (json, headers) => {
    const value = valueFromJson(json);
    const policy = initialPolicyFromJson(json);
    return {
      ...fromJson(json, headers, 'commands', 'merge'),
      value: isJsonObject(value) ? { ...value, ...policy } : value,
    };
  },
};

export const mergeThingResponse: SignalDefinition = {
  type: RESPONSE,
  make: (adaptable, headers) => {
    mergeableAt(adaptable.path);
    const entityId = entityIdOf(thingKind, adaptable.topic);
    if (adaptable.status !== 204) throw wrongStatus(RESPONSE, adaptable, 'MergeThingResponse', [204]);
    return entityResponse(adaptable, headers, {
      type: RESPONSE,
      entityId,
      kind: thingKind,
      value: undefined,
      resourcePath: adaptable.path,
    });
  },
  toJson: ({ entityId, status, adaptable: { path } }) => ({
    type: RESPONSE,
    status,
    thingId: entityId,
    path,
  }),
  fromJson: (json, headers) => ({
    ...fromJson(json, headers, 'commands', 'merge'),
    status: statusFromJson(json),
  }),
};

export const thingMerged: SignalDefinition = {
  type: EVENT,
  make: (adaptable, headers) => {
    mergeableAt(adaptable.path);
    const entityId = entityIdOf(thingKind, adaptable.topic);
    const { value, path } = adaptable;
    return entityEvent(adaptable, headers, {
      type: EVENT,
      entityId,
      kind: thingKind,
      value,
      resourcePath: path,
    });
  },
  toJson: (signal) => ({
    ...eventJson(signal),
    thingId: signal.entityId,
    path: signal.adaptable.path,
    ...valueInJson('value', signal.adaptable.value),
  }),
  fromJson: (json, headers) => ({
    ...fromJson(json, headers, 'events', 'merged'),
    value: valueFromJson(json),
    ...eventPartsFromJson(json),
  }),
};
