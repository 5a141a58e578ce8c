import { messageMappingFailed } from '../errors/connectivityErrors.ts';
import type { JsonValue } from '../json/jsonValue.ts';

/** Deepest JSON that is built from a path: what `parseJson` would still read. */
const MAX_DEPTH = 200;

/** `{"a":{"b":value}}` for the keys a, b. @throws DittoError `connectivity:message.mapping.failed` for a path without end */
export function nest(keys: readonly string[], value: JsonValue): JsonValue {
  if (keys.length > MAX_DEPTH)
    throw messageMappingFailed(undefined, `The path has more than ${MAX_DEPTH} levels.`);
  return keys.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
}
