import type { ClientContext, ClientEvents, Connection, ProtocolAdapter } from '@hawser/core';
import { configNumber } from '../configNumber.ts';
import { MqttConnectionClient } from './client.ts';

/** Serves `mqtt` (3.1.1) and `mqtt-5`. */
export const mqttAdapter: ProtocolAdapter = {
  connectionTypes: ['mqtt', 'mqtt-5'],

  createClient: (connection, events, context) =>
    new MqttConnectionClient(connection, events, context, { isTest: false }),

  /** As Ditto's driver: at once, then doubling from 1 s up to `mqtt.reconnect.backoff.timeout.max-timeout`. */
  reconnectDelayMs(_connection, attempt, { config }) {
    if (attempt === 1) return 0;
    return Math.min(1_000 * 2 ** (attempt - 2), configNumber(config, 'reconnectMaxTimeoutMs', 60_000));
  },

  async test(connection: Connection, context: ClientContext) {
    // Nothing is settled: what a test happened to receive stays with the broker.
    const ignore: ClientEvents = { message: () => {}, lost: () => {} };
    const client = new MqttConnectionClient(connection, ignore, context, { isTest: true });
    try {
      await client.open();
    } finally {
      await client.close();
    }
  },
};
