import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isJsonObject, type JsonObject, jsonInvalid, jsonNotAnObject, readJson } from '@hawser/core';
import type { Request, RequestHandler } from 'express';
import getRawBody from 'raw-body';

/** A body that cannot be read; answered with its status alone. */
export class UnreadableBody extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, cause?: unknown) {
    super(`the body cannot be read: ${status}`, { cause });
    this.status = status;
  }
}

const inflaters = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Reads the body whole as bytes, whatever its type says; what is compressed is inflated up to the same limit. */
export function readBody(maxBytes: number): RequestHandler {
  return async (request, _response, next) => {
    request.body = await bytesOf(request, maxBytes);
    next();
  };
}

async function bytesOf(request: Request, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const inflater = inflaters.get(encoding);
  if (inflater === undefined && encoding !== 'identity') throw new UnreadableBody(415);
  const length = request.headers['content-length'];
  // said before a byte of it is read
  if (Number(length) > maxBytes) throw new UnreadableBody(413);
  try {
    const limits = { limit: maxBytes };
    if (inflater === undefined) return await getRawBody(request, { ...limits, length: length ?? null });
    const inflated = inflater();
    request.once('close', () => {
      if (!request.complete) inflated.destroy();
    });
    return await getRawBody(request.pipe(inflated), limits);
  } catch (error) {
    throw new UnreadableBody((error as { type?: string }).type === 'entity.too.large' ? 413 : 400, error);
  }
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
