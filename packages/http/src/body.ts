import { isJsonObject, type JsonObject, jsonInvalid, jsonNotAnObject, readJson } from '@hawser/core';
import express, { type RequestHandler } from 'express';

/** Reads the body whole as bytes, whatever its type says; gzip, deflate and br are inflated up to the same limit. */
export function readBody(maxBytes: number): RequestHandler {
  return express.raw({ type: () => true, limit: maxBytes });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as text. @throws DittoError `json.invalid` 400 when it is no UTF-8 */
export function bodyText(body: unknown): string {
  if (!Buffer.isBuffer(body)) return '';
  try {
    return utf8.decode(body);
  } catch {
    throw jsonInvalid('The body is not valid UTF-8.');
  }
}

/** The text of a body as a JSON object. @throws DittoError `json.invalid`, `json.format.invalid` 400 */
export function objectOf(text: string): JsonObject {
  const json = readJson(text);
  if (!isJsonObject(json)) throw jsonNotAnObject(json);
  return json;
}
