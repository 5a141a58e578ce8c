import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@hawser/core';

/** The same file with every expectation changed to one that cannot hold. */
export function alterFile(file: JsonValue): JsonValue {
  if (isJsonArray(file)) return file.map((vector) => alterCase(vector as JsonObject));
  const { vectors, ...rest } = file as JsonObject;
  return { ...rest, vectors: (vectors as readonly JsonObject[]).map(alterCase) };
}

function alterCase(vector: JsonObject): JsonObject {
  if (vector['expected'] !== undefined) {
    if (vector['valid'] === false)
      return { ...vector, expected: alterError(vector['expected'] as JsonObject) };
    if (vector['connectionJson'] !== undefined) return { ...vector, expected: { altered: true } };
    return { ...vector, expected: alterExpectation(vector['expected']) };
  }
  const json = vector['json'];
  if (isJsonObject(json) && json['expected'] !== undefined) {
    return { ...vector, json: { ...json, expected: alterExpectation(json['expected']) } };
  }
  if (isJsonObject(json) && json['plain'] !== undefined)
    return { ...vector, json: { ...json, plain: { altered: true } } };
  // of a round trip the expectation is the input: one that no reader gives back
  return { ...vector, json: { altered: json ?? null } };
}

function alterExpectation(expected: JsonValue): JsonObject {
  if (isJsonObject(expected) && isJsonObject(expected['error']))
    return { error: alterError(expected['error']) };
  if (isJsonObject(expected) && 'rejected' in expected) return { ok: 'altered' };
  return { error: { status: 599, error: 'altered' } };
}

const alterError = (error: JsonObject): JsonObject => ({ ...error, status: 599, error: 'altered' });
