import type { JsonObject } from '../json/jsonValue.ts';
import { isJsonArray } from '../json/jsonValue.ts';
import { memberOf } from '../json/valueAt.ts';
import type { Signal } from '../protocol/signal.ts';
import { retrieveThingsResponse as definition } from '../signals/retrieveThings.ts';
import { selectedThing } from './retrieveThingFields.ts';
import type { ThingState } from './thingState.ts';

/** A thing, and what of it the asker may read. */
export interface ReadableThing {
  readonly state: ThingState;
  readonly thing: JsonObject;
}

/**
 * The answer to `retrieveThings`: the things that were found and may be read, in the order in which they were asked for,
 * each once (things/service/.../aggregation/ThingsAggregatorProxyActor.java).
 *
 * @param things by their ids; what is missing is not told
 */
export function retrieveThingsResponse(command: Signal, things: ReadonlyMap<string, ReadableThing>): Signal {
  const { topic, value: asked, fields } = command.adaptable;
  const ids = memberOf(asked, 'thingIds');
  const found = [...new Set(isJsonArray(ids) ? ids : [])].flatMap((id) => {
    const readable = things.get(String(id));
    return readable === undefined ? [] : [selectedThing(readable.thing, readable.state, fields)];
  });
  const { headers } = command;
  return definition.make({ topic, headers, path: '/', value: found }, headers);
}
