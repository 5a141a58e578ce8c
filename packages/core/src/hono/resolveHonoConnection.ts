import { withReplyTarget } from '../model/completeConnection.ts';
import type { Connection, HeaderMapping, ReplyTarget, Source, Target } from '../model/connection.ts';
import { parseConnectionUri } from '../model/connectionUri.ts';

/** The settings under `ditto.connectivity.hono`: the Kafka cluster behind Eclipse Hono. */
export interface HonoConfig {
  readonly baseUri: string;
  readonly validateCertificates: boolean;
  /** PEM; empty for none. */
  readonly ca: string;
  readonly saslMechanism: string;
  /** Comma-separated. */
  readonly bootstrapServers: string;
  readonly username: string;
  readonly password: string;
}

export const defaultHonoConfig: HonoConfig = {
  baseUri: 'tcp://localhost:9092',
  validateCertificates: false,
  ca: '',
  saslMechanism: 'PLAIN',
  bootstrapServers: 'localhost:9092',
  username: 'honoUsername',
  password: 'honoPassword',
};

const ALIASES: ReadonlySet<string> = new Set(['telemetry', 'event', 'command', 'command_response']);
const CORRELATION_ID = { 'correlation-id': '{{ header:correlation-id }}' } as const;
const DEVICE_ID = { device_id: '{{ thing:id }}' } as const;

/**
 * What a connection to Hono becomes: one to its Kafka cluster, with topics for aliases and the headers that Hono wants
 * (connectivity/service/.../messaging/hono/HonoConnectionFactory.java, DefaultHonoConnectionFactory.java).
 * The type stays `hono`; the client is that of Kafka. Entries of the user's header mappings are never overwritten.
 */
export function resolveHonoConnection(connection: Connection, config: HonoConfig): Connection {
  const { specificConfig, id } = connection;
  const tenant = specificConfig['honoTenantId'] ?? id;
  return {
    ...connection,
    uri: withUserInfo(config),
    validateCertificates: config.validateCertificates,
    ca: config.ca === '' ? undefined : config.ca,
    specificConfig: overlay(specificConfig, {
      saslMechanism: config.saslMechanism.toLowerCase(),
      bootstrapServers: config.bootstrapServers,
      groupId: specificConfig['groupId'] ?? id,
    }),
    sources: connection.sources.map((source) => withReplyTarget(resolveSource(source, tenant), 'hono')),
    targets: connection.targets.map((target) => resolveTarget(target, tenant)),
  };
}

function withUserInfo({ baseUri, username, password }: HonoConfig): string {
  const userInfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return parseConnectionUri(baseUri.replace('://', `://${userInfo}`)).uri;
}

const topicOf = (alias: string, tenant: string): string =>
  ALIASES.has(alias) ? `hono.${alias}.${tenant}` : alias;

const targetTopicOf = (alias: string, tenant: string): string =>
  ALIASES.has(alias) ? `hono.${alias}.${tenant}/{{thing:id}}` : alias;

function resolveSource(source: Source, tenant: string): Source {
  const { addresses, replyTarget, headerMapping } = source;
  const expectsAnswers = addresses.includes('telemetry') || addresses.includes('event');
  const bringsAnswers = addresses.includes('command_response');
  return {
    ...source,
    addresses: addresses.map((address) => topicOf(address, tenant)),
    replyTarget: expectsAnswers && replyTarget ? resolveReplyTarget(replyTarget, tenant) : undefined,
    headerMapping: bringsAnswers
      ? overlay({ ...CORRELATION_ID, status: '{{ header:status }}' }, headerMapping)
      : headerMapping,
  };
}

/** Ditto's builder forgets the expected response types. */
function resolveReplyTarget({ address, headerMapping }: ReplyTarget, tenant: string): ReplyTarget {
  const subject =
    '{{ header:subject | fn:default(topic:action-subject) | fn:default(topic:criterion) }}-response';
  const added = address === 'command' ? { ...CORRELATION_ID, ...DEVICE_ID, subject } : CORRELATION_ID;
  return {
    address: targetTopicOf(address, tenant),
    headerMapping: overlay(added, headerMapping),
    expectedResponseTypes: ['response', 'error'],
  };
}

function resolveTarget(target: Target, tenant: string): Target {
  const isLive = target.topics.some(
    ({ topic }) => topic === '_/_/things/live/messages' || topic === '_/_/things/live/commands',
  );
  const added = {
    ...DEVICE_ID,
    ...CORRELATION_ID,
    subject: '{{ header:subject | fn:default(topic:action-subject) }}',
    ...(isLive ? { 'response-required': '{{ header:response-required }}' } : undefined),
  };
  return {
    ...target,
    address: targetTopicOf(target.address, tenant),
    headerMapping: overlay(added, target.headerMapping),
  };
}

const overlay = (under: HeaderMapping, over: HeaderMapping): HeaderMapping =>
  Object.assign(Object.create(null), under, over);
