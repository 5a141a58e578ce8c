import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { checkThingId, splitId } from './entityId.ts';
import type { EntityKind } from './entitySignals.ts';
import { readThingValue } from './readValue.ts';

export const thingKind: EntityKind = {
  group: 'things',
  entityType: 'thing',
  idField: 'thingId',
  checkId: checkThingId,
  readValue: readThingValue,
};

/** A thing or policy as signal JSON shows it: with the namespace of its id. */
export function withNamespace(entity: JsonValue, idField: string): JsonValue {
  const id = isJsonObject(entity) && Object.hasOwn(entity, idField) ? entity[idField] : undefined;
  return isJsonObject(entity) && typeof id === 'string' ? { _namespace: splitId(id)[0], ...entity } : entity;
}
