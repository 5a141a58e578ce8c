import { isJsonArray, isJsonObject, type JsonValue } from './jsonValue.ts';

/** How many objects and arrays lie in one another, at most; 0 for other values. As deep as the JSON, which its reader bounds. */
export function depthOf(json: JsonValue | undefined): number {
  if (!isJsonArray(json) && !isJsonObject(json)) return 0;
  let deepest = 0;
  for (const member of Object.values(json)) {
    const depth = depthOf(member);
    if (depth > deepest) deepest = depth;
  }
  return deepest + 1;
}
