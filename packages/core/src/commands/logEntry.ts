import { isDittoError } from '../errors/dittoError.ts';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { optionalString, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { checkEntityId } from '../signals/entityId.ts';

export const logCategories = ['source', 'target', 'response', 'connection'] as const;
export const logTypes = [
  'consumed',
  'dispatched',
  'filtered',
  'mapped',
  'dropped',
  'enforced',
  'published',
  'acknowledged',
  'throttled',
  'other',
] as const;
export const logLevels = ['success', 'failure'] as const;

/** A line of a connection's log (connectivity/model/.../LogEntry.java). */
export interface LogEntry {
  readonly correlationId: string;
  /** ISO-8601. */
  readonly timestamp: string;
  readonly category: (typeof logCategories)[number];
  readonly type: (typeof logTypes)[number];
  readonly level: (typeof logLevels)[number];
  readonly message: string;
  readonly address: string | undefined;
  readonly entityType: string | undefined;
  readonly entityId: string | undefined;
}

/** @throws DittoError `json.field.missing`, `json.invalid` */
export function logEntryFromJson(json: JsonObject): LogEntry {
  return {
    correlationId: requiredString(json, 'correlationId'),
    timestamp: instantField('timestamp', requiredString(json, 'timestamp')),
    category: oneOf(logCategories, requiredString(json, 'category'), 'category'),
    type: oneOf(logTypes, requiredString(json, 'type'), 'type'),
    level: oneOf(logLevels, requiredString(json, 'level'), 'level'),
    message: requiredString(json, 'message'),
    address: optionalString(json, 'address'),
    ...entityFromJson(json),
  };
}

/** An id without a type is of `unknown` type; a type without an id is left out. */
function entityFromJson(json: JsonObject): Pick<LogEntry, 'entityType' | 'entityId'> {
  const entityId = optionalString(json, 'entityId');
  if (entityId === undefined) return { entityType: undefined, entityId: undefined };
  const entityType = optionalString(json, 'entityType') ?? 'unknown';
  return { entityType, entityId: checkEntityId(entityType, entityId) };
}

export function logEntryToJson(entry: LogEntry): JsonObject {
  const { correlationId, timestamp, category, type, level, message, address, entityType, entityId } = entry;
  return {
    correlationId,
    timestamp,
    category,
    type,
    level,
    message,
    ...(address === undefined ? {} : { address }),
    ...(entityType === undefined || entityId === undefined ? {} : { entityType, entityId }),
  };
}

function oneOf<T extends string>(allowed: readonly T[], text: string, what: string): T {
  const found = allowed.find((name) => name === text);
  if (found === undefined) throw jsonInvalid(`Log ${what} <${text}> is invalid!`);
  return found;
}

/** A canonical instant. @throws DittoError `json.invalid` naming the field */
export function instantField(field: string, text: string): string {
  try {
    return canonicalInstant(text);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw jsonInvalid(`The JSON object's field </${field}> is not in ISO-8601 format as expected!`);
  }
}
