import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { put } from '../protocol/dittoHeaders.ts';
import { holdsAll, type Place, type Question, standingAt } from './policyStanding.ts';
import type { PolicyNode } from './policyTrie.ts';

const leaf: PolicyNode = { rules: [], children: new Map() };

/**
 * The members of a JSON object that subjects hold permissions on, however deep. What is inside an array is judged as if it
 * stood in the array's place; an object or array that loses everything is left out unless it was permitted itself
 * (policies/model/.../enforcers/trie/PolicyTrie.java, `buildJsonView`). It goes as deep as the JSON does, which `parseJson` bounds.
 */
export function jsonView(question: Question, json: JsonObject, place: Place): JsonObject {
  const view: Record<string, JsonValue> = {};
  for (const key in json) {
    const value = json[key];
    const seen =
      value === undefined ? undefined : valueView(question, value, placeBelow(question, place, key));
    if (seen !== undefined) put(view, key, seen);
  }
  return view;
}

function placeBelow(question: Question, { node, level, standing }: Place, key: string): Place {
  const child = node.children.get(key);
  if (child === undefined) return { node: leaf, level, standing };
  return { node: child, level: level + 1, standing: standingAt(question, child, level + 1, standing) };
}

/** As `jsonView`, of any value. @returns undefined when nothing of it is left */
export function valueView(question: Question, value: JsonValue, place: Place): JsonValue | undefined {
  if (isJsonObject(value)) {
    const view = jsonView(question, value, place);
    return Object.keys(view).length > 0 || holdsAll(question, place.standing) ? view : undefined;
  }
  if (isJsonArray(value)) {
    const items = value
      .map((item) => valueView(question, item, place))
      .filter((item): item is JsonValue => item !== undefined);
    return items.length > 0 || holdsAll(question, place.standing) ? items : undefined;
  }
  return holdsAll(question, place.standing) ? value : undefined;
}
