import type { DittoError } from '../errors/dittoError.ts';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';

/* How large things and policies may become (things/api/.../ThingCommandSizeValidator.java, policies/api/.../PolicyCommandSizeValidator.java). */

const ENTITIES = {
  thing: { code: 'things:thing.toolarge', name: 'Thing' },
  policy: { code: 'policies:policy.toolarge', name: 'Policy' },
} as const;

type LimitedEntity = keyof typeof ENTITIES;

/** Characters of JSON text (`ditto.limits.things.max-size`, `ditto.limits.policies.max-size`). */
const MAX_SIZE = 100 * 1024;
/** Less than the JSON reader takes, as events and answers wrap what they tell. */
const MAX_DEPTH = 190;

/** @throws DittoError `things:thing.toolarge`, `policies:policy.toolarge` 413 */
export function checkSize(kind: LimitedEntity, entity: JsonObject): void {
  const size = stringifyJson(entity).length;
  if (size > MAX_SIZE) throw tooLarge(kind, size, MAX_SIZE);
}

/** @param size in characters of JSON text, as `maxSize` */
export function tooLarge(kind: LimitedEntity, size: number, maxSize: number): DittoError {
  const { code, name } = ENTITIES[kind];
  return makeError(
    code,
    `The size of '${kilobytes(size)}' kB exceeds the maximal allowed ${name} size of '${kilobytes(maxSize)}' kB.`,
  );
}

/** In Java's default form of a number: three decimals at most, ties to the even one. */
const kilobytes = (characters: number): string =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits: 3, roundingMode: 'halfEven' }).format(
    characters / 1024,
  );

/** @throws DittoError `json.invalid` 400 */
export function checkDepth(kind: LimitedEntity, depth: number): void {
  if (depth > MAX_DEPTH) throw jsonInvalid(`The ${kind} would be nested deeper than ${MAX_DEPTH} levels.`);
}
