import type { JsonObject } from '../json/jsonValue.ts';
import { rememberEach } from '../json/rememberJson.ts';
import type { Connection, MappingContext, ReplyTarget, Source, Target } from './connection.ts';
import type { Credentials, SshTunnel } from './credentials.ts';
import { formatFilteredTopic } from './filteredTopic.ts';

export interface ConnectionToJsonOptions {
  /** Also `__lifecycle`, `_revision`, `_modified` and `_created`, as the store has them. */
  readonly hidden?: boolean;
}

/** The canonical JSON, members in Ditto's order (connectivity/model/.../AbstractConnection.java). Holds all secrets. */
export function connectionToJson(
  connection: Connection,
  { hidden = false }: ConnectionToJsonOptions = {},
): JsonObject {
  const { lifecycle, revision, modified, created, credentials, ca, sshTunnel } = connection;
  return {
    ...(hidden && lifecycle !== undefined ? { __lifecycle: lifecycle } : undefined),
    id: connection.id,
    name: connection.name ?? null,
    ...(hidden && revision !== undefined ? { _revision: revision } : undefined),
    ...(hidden && modified !== undefined ? { _modified: modified } : undefined),
    ...(hidden && created !== undefined ? { _created: created } : undefined),
    connectionType: connection.connectionType,
    connectionStatus: connection.connectionStatus,
    uri: connection.uri,
    sources: connection.sources.map(sourceToJson),
    targets: connection.targets.map(targetToJson),
    clientCount: connection.clientCount,
    failoverEnabled: connection.failoverEnabled,
    validateCertificates: connection.validateCertificates,
    processorPoolSize: connection.processorPoolSize,
    ...ifAny('specificConfig', connection.specificConfig),
    ...ifMapped(connection.mappingDefinitions),
    ...(credentials === undefined ? undefined : { credentials: credentialsToJson(credentials) }),
    ...(ca === undefined ? undefined : { ca }),
    ...(sshTunnel === undefined ? undefined : { sshTunnel: sshTunnelToJson(sshTunnel) }),
    tags: connection.tags,
  };
}

/** A member that is written only when it holds something. */
function ifAny(
  name: string,
  value: readonly string[] | Readonly<Record<string, string>>,
): JsonObject | undefined {
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  return size === 0 ? undefined : { [name]: value };
}

const sourceToJson = rememberEach((source: Source): JsonObject => {
  const { qos, enforcement, acknowledgementRequests, replyTarget, replyTargetEnabled } = source;
  return {
    addresses: source.addresses,
    consumerCount: source.consumerCount,
    ...(qos === undefined ? undefined : { qos }),
    ...ifAny('authorizationContext', source.authorizationContext),
    ...(enforcement === undefined
      ? undefined
      : { enforcement: { input: enforcement.input, filters: enforcement.filters } }),
    ...(acknowledgementRequests === undefined
      ? undefined
      : {
          acknowledgementRequests: {
            includes: acknowledgementRequests.includes,
            ...(acknowledgementRequests.filter === undefined
              ? undefined
              : { filter: acknowledgementRequests.filter }),
          },
        }),
    headerMapping: source.headerMapping,
    ...ifAny('payloadMapping', source.payloadMapping),
    ...(replyTarget === undefined && replyTargetEnabled
      ? undefined
      : { replyTarget: replyTargetToJson(replyTarget, replyTargetEnabled) }),
    ...ifAny('declaredAcks', source.declaredAcks),
  };
});

/** `enabled` belongs to the source but is written into the reply target, even into one that has nothing else. */
function replyTargetToJson(replyTarget: ReplyTarget | undefined, enabled: boolean): JsonObject {
  if (replyTarget === undefined) return { enabled };
  const { address, headerMapping, expectedResponseTypes } = replyTarget;
  return { address, headerMapping, expectedResponseTypes, enabled };
}

/** Targets with other addresses often have the same topics. */
const topicsToJson = rememberEach((topics: Target['topics']) => topics.map(formatFilteredTopic));

const targetToJson = rememberEach((target: Target): JsonObject => {
  const { qos, issuedAcknowledgementLabel } = target;
  return {
    address: target.address,
    topics: topicsToJson(target.topics),
    ...(qos === undefined ? undefined : { qos }),
    ...ifAny('authorizationContext', target.authorizationContext),
    ...(issuedAcknowledgementLabel === undefined ? undefined : { issuedAcknowledgementLabel }),
    headerMapping: target.headerMapping,
    ...ifAny('payloadMapping', target.payloadMapping),
  };
});

function ifMapped(definitions: Connection['mappingDefinitions']): JsonObject | undefined {
  if (Object.keys(definitions).length === 0) return undefined;
  return { mappingDefinitions: mappingDefinitionsToJson(definitions) };
}

const mappingDefinitionsToJson = rememberEach(
  (definitions: Connection['mappingDefinitions']): JsonObject =>
    Object.fromEntries(Object.entries(definitions).map(([id, context]) => [id, contextToJson(context)])),
);

const contextToJson = ({
  mappingEngine,
  options,
  incomingConditions,
  outgoingConditions,
}: MappingContext): JsonObject => ({
  mappingEngine,
  options,
  ...ifAny('incomingConditions', incomingConditions),
  ...ifAny('outgoingConditions', outgoingConditions),
});

/** Absent optional fields are written as null where Ditto's null filter looks at the wrong object. */
export function credentialsToJson(credentials: Credentials): JsonObject {
  switch (credentials.type) {
    case 'client-cert':
      return { type: credentials.type, cert: credentials.cert ?? null, key: credentials.key ?? null };
    case 'oauth-client-credentials':
      return { ...credentials, audience: credentials.audience ?? null };
    case 'oauth-password':
      return {
        ...credentials,
        clientSecret: credentials.clientSecret ?? null,
        audience: credentials.audience ?? null,
      };
    case 'plain':
    case 'hmac':
    case 'public-key':
      return { ...credentials };
  }
}

const sshTunnelToJson = ({ enabled, credentials, validateHost, knownHosts, uri }: SshTunnel): JsonObject => ({
  enabled,
  credentials: credentialsToJson(credentials),
  validateHost,
  knownHosts,
  uri,
});
