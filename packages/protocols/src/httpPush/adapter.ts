import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  type ProtocolAdapter,
  parseConnectionUri,
} from '@hawser/core';
import { LazyClient } from '../lazyClient.ts';
import { tunnelThrough } from './proxy.ts';
import { proxyOf } from './settings.ts';

/** Serves `http-push`: targets alone. */
export const httpPushAdapter: ProtocolAdapter = {
  connectionTypes: ['http-push'],

  createClient: (connection, events, context) =>
    new LazyClient('HTTP', async () => {
      const { HttpPushClient } = await import('./client.ts');
      return new HttpPushClient(connection, events, context);
    }),

  /** Where a proxy stands before the host, it opens the socket (connectivity/service/.../httppush/HttpPushClientActor.java). */
  probe(connection, { clock, config }) {
    const proxy = proxyOf(config);
    if (proxy === undefined) return undefined;
    const { hostname, port } = parseConnectionUri(connection.uri);
    return tunnelThrough(proxy, hostname, port, clock).then((socket) => {
      socket.destroy();
    });
  },

  /** A token is fetched and a TLS handshake is made; no request is sent. */
  async test(connection: Connection, context: ClientContext) {
    const ignore: ClientEvents = { message: () => {}, lost: () => {} };
    const { HttpPushClient } = await import('./client.ts');
    const client = new HttpPushClient(connection, ignore, context);
    try {
      await client.open();
      await client.prove();
    } finally {
      await client.close();
    }
  },
};
