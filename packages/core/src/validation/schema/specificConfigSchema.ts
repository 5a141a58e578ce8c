import type { ConnectionType } from '../../model/connection.ts';

/** Values are text in the end; numbers and booleans are taken as such. */
const option = (description: string, defaultValue?: string) =>
  ({
    description,
    type: ['string', 'number', 'boolean'],
    ...(defaultValue === undefined ? {} : { default: defaultValue }),
  }) as const;

const diversion = {
  'is-diversion-source': option('Whether responses may be diverted to another connection.', 'false'),
  'is-diversion-target': option(
    'Whether responses of other connections arrive here; no target may have topics.',
    'false',
  ),
  'authorized-connections-as-sources': option(
    'Ids of connections whose responses are taken, separated by commas.',
  ),
  'preserve-normal-response-via-source': option('Whether diverted responses are sent here as well.', 'false'),
} as const;

const mqtt = {
  cleanSession: option('Whether the broker forgets the session.', 'false'),
  clientId: option('Default: the id of the connection. Empty: the broker chooses.'),
  publisherId: option('Client id of the separate publisher. Default: `<clientId>p`.'),
  separatePublisherClient: option('Whether publishing has a connection of its own.', 'false'),
  reconnectForRedelivery: option(
    'Whether to reconnect so that the broker delivers again what could not be settled.',
    'false',
  ),
  reconnectForRedeliveryDelay: option('Duration, at least 1s.', '10s'),
  keepAlive: option('Duration, 0s to 65535s; a bare number is milliseconds.', '60s'),
  lastWillTopic: option('Topic of the last will; without it there is none.'),
  lastWillQos: option('0 to 2.', '0'),
  lastWillRetain: option('Whether the broker keeps the last will.', 'false'),
  lastWillMessage: option('Text of the last will.'),
} as const;

/** Known keys of `specificConfig` by type; others are kept and have no effect. */
export const specificConfigProperties = {
  'amqp-091': {
    channelRpcTimeout: option('Milliseconds.', '600000'),
    connectionTimeout: option('Milliseconds.', '60000'),
    handshakeTimeout: option('Milliseconds.', '10000'),
    networkRecoveryInterval: option('Milliseconds.', '5000'),
    requestedChannelMax: option('Channels; 0 for no limit.', '2047'),
    requestedFrameMax: option('Bytes; 0 for no limit.', '0'),
    requestedHeartbeat: option('Seconds.', '60'),
    shutdownTimeout: option('Milliseconds.', '10000'),
    channelShouldCheckRpcResponseType: option('Boolean.', 'false'),
    topologyRecoveryEnabled: option('Boolean.', 'true'),
  },
  'amqp-10': {
    'recover.on-session-closed': option('Whether a session that the broker closed is opened again.', 'false'),
    'recover.on-connection-restored': option('Whether a restored connection is recovered.', 'true'),
  },
  mqtt,
  'mqtt-5': mqtt,
  'http-push': {
    parallelism: option('Requests in flight, greater than 0.', '1'),
    idleTimeout: option('Duration of one request, 0s to 60s.', '60s'),
    omitRequestBody: option('HTTP methods that are sent without a body, separated by commas.', 'GET,DELETE'),
  },
  kafka: {
    bootstrapServers: option('Required: `host:port`, separated by commas.'),
    saslMechanism: option('PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; with a user in the URI.', 'PLAIN'),
    groupId: option(
      'Consumer group: `[a-zA-Z0-9._-]+` after `{{ connection:id }}`. Default: the id of the connection.',
    ),
    consumerOffsetReset: option('`earliest` or `latest`.', 'latest'),
    debugEnabled: option('Whether acknowledgements hold where the record was written.', 'false'),
  },
  hono: {
    honoTenantId: option('Default: the id of the connection.'),
    groupId: option('Consumer group. Default: the id of the connection.'),
  },
} as const satisfies Readonly<Record<ConnectionType, object>>;

export const specificConfigSchema = {
  title: 'Specific configuration',
  description: 'Options of the protocol. All values become text.',
  type: 'object',
  properties: diversion,
  additionalProperties: { type: ['string', 'number', 'boolean', 'object', 'array', 'null'] },
} as const;
