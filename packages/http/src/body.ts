import { JsonSyntaxError, type JsonValue, jsonInvalid, jsonUnparsable, parseJson } from '@hawser/core';
import express, { type RequestHandler } from 'express';

/** Reads the body whole as bytes, whatever its type says; gzip, deflate and br are inflated up to the same limit. */
export function readBody(maxBytes: number): RequestHandler {
  return express.raw({ type: () => true, limit: maxBytes });
}

const MAX_QUOTED = 1000;

/** The body as text. @throws DittoError `json.invalid` 400 when it is no UTF-8 */
export function bodyText(body: unknown): string {
  if (!Buffer.isBuffer(body)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw jsonInvalid('The body is not valid UTF-8.');
  }
}

/** Reads JSON text from a client. @throws DittoError `json.invalid` 400 */
export function readJson(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw error.reason === 'depth'
      ? jsonInvalid(`The JSON is ${error.message}.`)
      : jsonUnparsable(text.slice(0, MAX_QUOTED));
  }
}
