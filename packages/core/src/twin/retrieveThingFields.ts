import { type JsonPointer, selectFields } from '../json/fieldSelector.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { memberOf } from '../json/valueAt.ts';
import { selectExtra } from '../pipeline/signalFilterExtraFields.ts';
import { parsePointer } from '../protocol/pointer.ts';
import { splitId } from '../signals/entityId.ts';
import type { ThingState } from './thingState.ts';

/** A thing with the fields that are only shown when they are selected (things/model/.../Thing.java, `JsonFields`). */
export function fullThing({ thing, revision, created, modified }: ThingState): JsonObject {
  const thingId = memberOf(thing, 'thingId');
  return {
    ...thing,
    ...(typeof thingId === 'string' ? { _namespace: splitId(thingId)[0] } : {}),
    _revision: revision,
    ...(modified === undefined ? {} : { _modified: modified }),
    ...(created === undefined ? {} : { _created: created }),
  };
}

/** The pointers of a command's `fields` as the Protocol writes them: at commas, parentheses mean nothing. */
const pointersOf = (fields: string): readonly JsonPointer[] => fields.split(',').map(parsePointer);

/** The thing, or the selected fields of it; `features/*` means every feature that it has. */
export function selectedThing(thing: JsonObject, state: ThingState, fields: string | undefined): JsonObject {
  if (fields === undefined) return thing;
  return selectExtra(fullThing({ ...state, thing }), pointersOf(fields));
}

/** What lies under a pointer of a thing, or the selected fields of it. */
export function selectedPart(value: JsonValue, fields: string | undefined): JsonValue {
  return fields === undefined || !isJsonObject(value) ? value : selectFields(value, pointersOf(fields));
}
