// A service of this process on an empty store that is thrown away, for vectors that need one.
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, parseJson, stringifyJson } from '@hawser/core';

/** Starts the service as `hawser start` does with nothing else set, runs `use` with its URL, and leaves nothing behind. */
export async function withService(instance, use, env = {}) {
  // loaded by the cases that need it alone
  const { createLog, loadConfig, startService } = await import('@hawser/service');
  const data = mkdtempSync(join(tmpdir(), 'hawser-vectors-'));
  const { config, given } = loadConfig({
    env: { BIND_HOSTNAME: '127.0.0.1', HTTP_PORT: '0', INSTANCE_INDEX: instance, HAWSER_DATA: data, ...env },
  });
  const service = await startService({ config, given, log: createLog('off') });
  try {
    return await use(service.url);
  } finally {
    await service.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Sends a request of the vectors as it stands there: its path is not tidied, and no header is added but that of its body's type. */
export function send(url, { method, path, query = {}, auth, headers = {}, contentType, body, bodyText }) {
  const { hostname, port } = new URL(url);
  const text = bodyText ?? (body === undefined ? undefined : stringifyJson(body));
  const type = contentType ?? (body === undefined ? undefined : 'application/json');
  const parameters = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const suffix = parameters.size === 0 ? '' : `${path.includes('?') ? '&' : '?'}${parameters}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      method,
      path: `${path}${suffix}`,
      agent: false,
      headers: {
        ...(type ? { 'content-type': type } : {}),
        ...(auth ? { authorization: `Basic ${Buffer.from(String(auth)).toString('base64')}` } : {}),
        ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
        ...headers,
      },
    });
    request.once('error', reject);
    request.once('response', async (response) => {
      try {
        const chunks = await response.toArray();
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        });
      } catch (error) {
        reject(error);
      }
    });
    request.end(text);
  });
}

/** A body as JSON, or as its text where it is none; undefined when it is empty. */
export function bodyOf({ headers, text }) {
  if (text === '') return undefined;
  return headers['content-type']?.startsWith('application/json') ? parseJson(text) : text;
}

export const membersOf = (value) => (isJsonObject(value) ? value : {});
