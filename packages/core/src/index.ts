export { DittoError, type DittoErrorParts, isDittoError } from './errors/dittoError.ts';
export { type ErrorCode, errorCodes } from './errors/errorCodes.ts';
export {
  jsonFieldMissing,
  jsonInvalid,
  jsonNotAnObject,
  jsonUnparsable,
  jsonWrongType,
} from './errors/jsonErrors.ts';
export { makeError } from './errors/makeError.ts';
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
  type Journal,
  type JournalEntry,
  type NewestEntry,
  type Snapshot,
  type SnapshotStore,
  type SnapshotSummary,
  type Store,
  StoreError,
  type StoreFailure,
  type StoreHealth,
} from './ports/store.ts';
export type { Adaptable, Signal, SignalKind, TopicPath } from './protocol/signal.ts';
