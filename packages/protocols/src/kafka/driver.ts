import type { ConnectionOptions } from 'node:tls';
import type { ClientContext, Connection, Log } from '@hawser/core';
import type kafkajs from 'kafkajs';
import type { ICustomPartitioner, Kafka, logCreator, SASLOptions } from 'kafkajs';
import { endpointOf } from '../endpoint.ts';
import { tlsOptions } from '../tlsOptions.ts';
import type { KafkaSettings } from './settings.ts';
import { Sockets, toBroker } from './sockets.ts';

/** Most bytes that a consumer asks for at a time. */
export const maxFetchBytes = 10 * 1_024 * 1_024;
/** No answer is longer: a fetch exceeds its limit by one batch at most. */
const maxFrameBytes = 5 * maxFetchBytes;
const connectTimeoutMs = 5_000;

/** The driver, told once where the brokers are and who we are. */
export interface Driver {
  readonly consumers: Kafka;
  readonly producers: Kafka;
  readonly sockets: Sockets;
  readonly assignerProtocol: typeof kafkajs.AssignerProtocol;
  /** Java's: by hash of the key, in turns without one. */
  readonly partitioner: ICustomPartitioner;
}

export async function createDriver(
  connection: Connection,
  settings: KafkaSettings,
  context: ClientContext,
): Promise<Driver> {
  // loaded with the first connection: a service without Kafka connections starts without it
  const [{ default: library }, { registerCodecs }] = await Promise.all([
    import('kafkajs'),
    import('./codecs/codecs.ts'),
  ]);
  registerCodecs(library);
  const sockets = new Sockets(maxFrameBytes);
  const ssl = sslOf(connection);
  const sasl = saslOf(connection, settings);
  const kafka = (clientId: string): Kafka =>
    new library.Kafka({
      clientId,
      brokers: settings.bootstrapServers.map(toBroker),
      ...(ssl === undefined ? {} : { ssl }),
      ...(sasl === undefined ? {} : { sasl }),
      connectionTimeout: Math.min(connectTimeoutMs, settings.requestTimeoutMs),
      authenticationTimeout: settings.requestTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      socketFactory: sockets.factory,
      logLevel: library.logLevel.WARN,
      logCreator: logInto(context.log),
      // of connecting and asking where things are: every server of the list has its turn
      retry: {
        retries: Math.max(3, settings.bootstrapServers.length),
        initialRetryTime: 100,
        maxRetryTime: 1_000,
      },
    });
  return {
    consumers: kafka(`${context.clientId}-consumer`),
    producers: kafka(`${context.clientId}-producer`),
    sockets,
    assignerProtocol: library.AssignerProtocol,
    partitioner: library.Partitioners.DefaultPartitioner,
  };
}

/**
 * `ca` counts when certificates are to be validated, and then names are not looked at; without it the system's store counts,
 * whatever `validateCertificates` says (connectivity/service/.../messaging/kafka/PropertiesFactory.java).
 */
function sslOf(connection: Connection): ConnectionOptions | undefined {
  const { scheme, host } = endpointOf(connection);
  if (scheme !== 'ssl') return undefined;
  const { servername: _, ...options } = tlsOptions(connection, host, true);
  return {
    ...options,
    rejectUnauthorized: true,
    ...(options.ca === undefined ? {} : { checkServerIdentity: () => undefined }),
  };
}

function saslOf(
  connection: Connection,
  { saslMechanism: mechanism }: KafkaSettings,
): SASLOptions | undefined {
  const { credentials } = endpointOf(connection);
  return credentials === undefined ? undefined : { mechanism, ...credentials };
}

/** What the driver would print. Failures reach the connection's own log by another way. */
const logInto =
  (log: Log): logCreator =>
  () =>
  ({ namespace, label, log: entry }) =>
    log.debug('kafkajs', { namespace, level: label, text: entry.message, error: entry['error'] });
