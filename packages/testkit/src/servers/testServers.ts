import { describe, test } from '@jest/globals';

/** Environment variables that `scripts/test.mjs` sets for each real server that it started. */
const variables = {
  mosquitto: 'HAWSER_TEST_MQTT_URL',
  rabbitmq: 'HAWSER_TEST_AMQP_URL',
  proton: 'HAWSER_TEST_AMQP10_URL',
  mongodb: 'HAWSER_TEST_MONGODB_URI',
  kafka: 'HAWSER_TEST_KAFKA_URL',
  sshd: 'HAWSER_TEST_SSH_URL',
} as const;

export type TestServer = keyof typeof variables;

/** URLs by server. */
export type ServerUrls<S extends TestServer> = Readonly<Record<S, string>>;

/**
 * A suite that needs real servers. Without one of them it says `SKIPPED: <why>`;
 * where servers are required (`HAWSER_REQUIRE_SERVERS=1`) it fails instead.
 */
export function describeWithServers<const S extends TestServer>(
  name: string,
  servers: readonly S[],
  suite: (urls: ServerUrls<S>) => void,
): void {
  const missing = servers.filter((server) => !process.env[variables[server]]);
  if (missing.length === 0) {
    const urls = Object.fromEntries(servers.map((server) => [server, process.env[variables[server]]]));
    describe(name, () => suite(urls as ServerUrls<S>));
    return;
  }
  const why = `no ${missing.join(', ')} (${missing.map((server) => variables[server]).join(', ')} not set)`;
  describe(name, () => {
    if (process.env['HAWSER_REQUIRE_SERVERS'] === '1') {
      test('has its servers', () => {
        throw new Error(why);
      });
    } else {
      process.stderr.write(`SKIPPED: ${name}: ${why}\n`);
      test.skip(`SKIPPED: ${why}`, () => {});
    }
  });
}
