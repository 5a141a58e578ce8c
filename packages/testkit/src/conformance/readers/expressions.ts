import {
  allPlaceholders,
  compileTemplate,
  type DittoHeaders,
  type JsonObject,
  type PlaceholderContext,
  sourcePlaceholder,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

const resolve = (input: JsonObject): JsonObject => {
  const context = (input['context'] ?? {}) as JsonObject;
  const { headers, authSubjects, connectionId, sourceAddress } = context as {
    headers?: DittoHeaders;
    authSubjects?: string[];
    connectionId?: string;
    sourceAddress?: string;
  };
  const placeholders =
    sourceAddress === undefined ? allPlaceholders : [...allPlaceholders, sourcePlaceholder];
  const now = typeof input['now'] === 'string' ? Date.parse(input['now']) : undefined;
  const ctx: PlaceholderContext = { headers, authSubjects, connectionId, sourceAddress, now };
  return { ...compileTemplate(String(input['expression']), placeholders).resolve(ctx) };
};

export const expressionReaders: Readers = {
  'oracle:expression': resolve,
  'pipeline:resolve': resolve,
  'pipeline:time-placeholders': resolve,
};
