import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@hawser/core';
import type { HttpProxy } from './settings.ts';

/** As Ditto's check of the proxy. */
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * A tunnel through a proxy to a host (RFC 9110 §9.3.6), `host` with the brackets of IPv6. Rejects in the words of
 * connectivity/service/.../httppush/HttpPushClientActor.java.
 */
export function tunnelThrough(proxy: HttpProxy, host: string, port: number, clock: Clock): Promise<Socket> {
  const authority = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      host: proxy.hostname,
      port: proxy.port,
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      agent: false,
    });
    const cancel = clock.after(CONNECT_TIMEOUT_MS, () =>
      asked.destroy(new Error('Failed to create Socket via HTTP proxy within timeout')),
    );
    asked.on('close', cancel);
    asked.on('error', reject);
    asked.on('connect', ({ statusCode, statusMessage }, socket, head) => {
      cancel();
      if (statusCode === 200 && head.length === 0) {
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      reject(new Error(`Failed to create Socket via HTTP proxy: HTTP/1.1 ${statusCode} ${statusMessage}`));
    });
    asked.end();
  });
}

function authorization({ credentials }: HttpProxy): Record<string, string> {
  if (credentials === undefined) return {};
  return { 'proxy-authorization': basic(credentials) };
}

export function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
