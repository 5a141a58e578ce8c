export { DittoError, type DittoErrorParts, isDittoError } from './errors/dittoError.ts';
export { type ErrorCode, errorCodes } from './errors/errorCodes.ts';
export {
  jsonFieldMissing,
  jsonFormatInvalid,
  jsonInvalid,
  jsonNotA,
  jsonNotAnObject,
  jsonUnparsable,
  jsonWrongType,
} from './errors/jsonErrors.ts';
export { makeError } from './errors/makeError.ts';
export { UnspecificFailure, unspecificError, unspecificFailureOf } from './errors/unspecificFailure.ts';
export { defaultHonoConfig, type HonoConfig, resolveHonoConnection } from './hono/resolveHonoConnection.ts';
export { type JsonPointer, parseFieldSelector, selectFields } from './json/fieldSelector.ts';
export {
  optionalArray,
  optionalBoolean,
  optionalInt,
  optionalLong,
  optionalObject,
  optionalString,
  requiredArray,
  requiredBoolean,
  requiredInt,
  requiredLong,
  requiredObject,
  requiredString,
} from './json/fields.ts';
export {
  isJsonArray,
  isJsonNumber,
  isJsonObject,
  type JsonArray,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from './json/jsonValue.ts';
export { JsonSyntaxError, type ParseJsonOptions, parseJson } from './json/parseJson.ts';
export { stringifyJson } from './json/stringifyJson.ts';
export { configDurationMs, configInt } from './model/configValue.ts';
export {
  type AcknowledgementRequests,
  type Connection,
  type ConnectionType,
  type ConnectivityStatus,
  connectionTypes,
  connectivityStatuses,
  type Enforcement,
  type FilteredTopic,
  type HeaderMapping,
  type MappingContext,
  type ReplyTarget,
  type ResponseType,
  responseTypes,
  type Source,
  type Target,
  type TopicName,
  topicNames,
} from './model/connection.ts';
export { isConnectionId, parseConnectionId } from './model/connectionId.ts';
export { type ConnectionToJsonOptions, connectionToJson } from './model/connectionToJson.ts';
export { type ConnectionUri, parseConnectionUri } from './model/connectionUri.ts';
export type {
  ClientCertificateCredentials,
  Credentials,
  HmacCredentials,
  OAuthClientCredentials,
  OAuthPassword,
  PlainCredentials,
  PublicKeyCredentials,
  SshTunnel,
} from './model/credentials.ts';
export { formatFilteredTopic, parseFilteredTopic } from './model/filteredTopic.ts';
export { parseConnection } from './model/parseConnection.ts';
export { parseStoredConnection } from './model/storedConnection.ts';
export type {
  CompiledConnection,
  CompiledSource,
  CompiledTarget,
  InboundOutcome,
  InboundSignal,
  MaybePromise,
  OutboundOutcome,
  OutboundResult,
} from './pipeline/compiledConnection.ts';
export { compileExpression, type Evaluate } from './placeholders/expression.ts';
export type { Lookup, Placeholder, PlaceholderContext } from './placeholders/placeholder.ts';
export {
  allPlaceholders,
  connectionPlaceholder,
  entityPlaceholder,
  exactHeaderPlaceholder,
  featurePlaceholder,
  findHeader,
  headerPlaceholder,
  headersPlaceholderOf,
  policyPlaceholder,
  requestPlaceholder,
  resourcePlaceholder,
  sourcePlaceholder,
  thingJsonPlaceholder,
  thingPlaceholder,
  topicPlaceholder,
} from './placeholders/placeholders.ts';
export type { Resolution } from './placeholders/resolution.ts';
export { hasPlaceholder } from './placeholders/scanTemplate.ts';
export { type CompiledTemplate, compileTemplate } from './placeholders/template.ts';
export { thingOfSignal } from './placeholders/thingOfSignal.ts';
export { timePlaceholder } from './placeholders/timePlaceholder.ts';
export { replaceInTemplate, validateTemplate } from './placeholders/validateTemplate.ts';
export type {
  ClientSession,
  ClientSessions,
  ConnectionMonitor,
  SessionStatus,
} from './ports/clientSession.ts';
export type { Clock } from './ports/clock.ts';
export type { ConnectivityCommands, DittoHeaders, Reply } from './ports/connectivityCommands.ts';
export type { Log, LogFields } from './ports/log.ts';
export {
  type ClientContext,
  type ClientEvents,
  type ConnectionClient,
  type ExternalMessage,
  MisconfiguredError,
  type ProtocolAdapter,
  PublishError,
  type PublishResult,
  type PublishTarget,
  type ResourceStatus,
  type Settlement,
  type SourceOrigin,
} from './ports/protocolAdapter.ts';
export {
  type DamagedRecord,
  type Journal,
  type JournalEntry,
  type LastFailure,
  type NewestEntry,
  type NewestSnapshotOptions,
  type RecordPosition,
  type Snapshot,
  type SnapshotStore,
  type SnapshotSummary,
  type Store,
  StoreError,
  type StoreFailure,
  type StoreHealth,
  type StoreUpkeep,
  type WalkOptions,
} from './ports/store.ts';
export {
  checkAckLabel,
  type DittoAckLabel,
  dittoAckLabels,
  isAckLabel,
  isDittoAckLabel,
} from './protocol/ackLabel.ts';
export {
  type Adaptable,
  adaptableFromText,
  adaptableToJson,
  adaptableToText,
  parseAdaptable,
} from './protocol/adaptable.ts';
export {
  buildHeaders,
  headersFromJson,
  headersToJson,
  headerValue,
  messageHeadersToJson,
  noHeaders,
  withHeaders,
} from './protocol/dittoHeaders.ts';
export { filterHeadersFromExternal, filterHeadersToExternal } from './protocol/headerFilters.ts';
export { canonicalInstant, instantMs } from './protocol/instant.ts';
export { canonicalPath, formatPointer, parsePointer, splitPath } from './protocol/pointer.ts';
export type { CommandCategory, Signal, SignalKind } from './protocol/signal.ts';
export { parseTimeoutMs } from './protocol/timeout.ts';
export {
  formatTopicPath,
  parseTopicPath,
  type TopicChannel,
  type TopicCriterion,
  type TopicGroup,
  type TopicPath,
} from './protocol/topicPath.ts';
export type { RqlField, RqlLiteral, RqlNode } from './rql/ast.ts';
export type { RqlSubject } from './rql/compileLeaf.ts';
export { compileRql, compileThreeValued, type RqlPredicate, Trilean } from './rql/compileRql.ts';
export { type ParseRqlOptions, parseRql } from './rql/parseRql.ts';
export { printRql } from './rql/printRql.ts';
export { topicFilterPlaceholders } from './rql/topicFilterPlaceholders.ts';
export { connectionHosts } from './validation/connectionHosts.ts';
export { labelsToDeclare } from './validation/generalRules.ts';
export {
  blockedReason,
  checkHost,
  compileHostPolicy,
  type HostAnswer,
  type HostLookup,
  type HostPolicy,
  type HostRules,
  needsLookup,
} from './validation/hostPolicy.ts';
export { lookUpHosts } from './validation/lookUpHosts.ts';
export { type MapperCatalogue, staticMapperCatalogue } from './validation/mapperRules.ts';
export { mqttTopicFault, mqttTopicFilterFault } from './validation/mqttTopic.ts';
export { type ConnectionJson, connectionSchema } from './validation/schema/connectionSchema.ts';
export {
  checkClientConfiguration,
  validateConnection,
} from './validation/validateConnection.ts';
export {
  defaultValidationConfig,
  type ValidationConfig,
} from './validation/validationConfig.ts';
