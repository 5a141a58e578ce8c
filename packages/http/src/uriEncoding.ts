import { parseConnectionId } from '@hawser/core';
import type { RequestHandler } from 'express';

const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const CONNECTION_PATH = /^\/api\/2\/connections\/([^/]*)/;

/**
 * Refuses what cannot be decoded (gateway/.../directives/EncodingEnsuringDirective.java); an id that cannot is no id.
 *
 * @throws DittoError `connectivity:connection.id.invalid` 400
 */
export const ensureEncoding: RequestHandler = (request, response, next) => {
  const { originalUrl } = request;
  if (!originalUrl.includes('%')) return next();
  const [path = '', query = ''] = originalUrl.split('?', 2);
  const isPathSound = isDecodable(path);
  if (isPathSound && !BAD_ESCAPE.test(query)) return next();
  const id = isPathSound ? undefined : CONNECTION_PATH.exec(path)?.[1];
  if (id !== undefined && !isDecodable(id)) parseConnectionId(id);
  response
    .status(400)
    .type('text/plain')
    .send(`URI '${originalUrl}' contains invalid characters. Please encode your URI according to RFC 3986.`);
};

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
