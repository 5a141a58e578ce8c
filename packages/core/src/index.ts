export { type CommandJson, commandSchema, piggybackRequestSchema } from './commands/commandDocument.ts';
export { type CommandFacts, commandFacts } from './commands/commandFacts.ts';
export { commandSchemas } from './commands/commandSchemas.ts';
export type { ConnectionCommand } from './commands/connectionCommands.ts';
export {
  type MigrationCounts,
  type MigrationPhase,
  type MigrationProgress,
  migrationAborted,
  migrationCompletedAlready,
  migrationRefusals,
  migrationStarted,
  migrationStatus,
} from './commands/encryptionMigrationResponses.ts';
export {
  type LogEntry,
  logCategories,
  logEntryFromJson,
  logEntryToJson,
  logLevels,
  logTypes,
} from './commands/logEntry.ts';
export {
  type Command,
  type CommandType,
  commandToJson,
  commandTypes,
  connectionIdOf,
  isCommandType,
  parseCommand,
  type SignalToJsonOptions,
} from './commands/parseCommand.ts';
export { parseResponse } from './commands/parseResponse.ts';
export { connectionLogsSchema, responseSchemas } from './commands/responseSchemas.ts';
export {
  cleanupResponse,
  closedStatusResponse,
  createConnectionResponse,
  errorResponse,
  idResponse,
  noLogsResponse,
  noMetricsResponse,
  retrieveAllConnectionIdsResponse,
  retrieveConnectionLogsResponse,
  retrieveConnectionMetricsResponse,
  retrieveConnectionResponse,
  retrieveConnectionStatusResponse,
  retrieveConnectionsResponse,
  sudoIdsByTagResponse,
  sudoTagsResponse,
  testConnectionResponse,
} from './commands/responses.ts';
export type { ShutdownReason, SystemCommand } from './commands/systemCommands.ts';
export {
  configResponse,
  retrieveConfigResponse,
  retrieveHealthResponse,
  shutdownResponse,
} from './commands/systemResponses.ts';
export { answerTo } from './connection/answers.ts';
export { type AskedCommand, type EntityCommand, entityIdOf, isEntityCommand } from './connection/command.ts';
export { aggregateStatus, missingRows, usagePriority } from './connection/connectionStatus.ts';
export { type DecideRules, decide } from './connection/decide.ts';
export { evolve } from './connection/evolve.ts';
export {
  type HistoricalPoint,
  historicalPoint,
  isUpTo,
  type PastEvent,
  stateAt,
} from './connection/history.ts';
export { ALWAYS_ALIVE_TAG, priorityOf, tagsOf } from './connection/journalTags.ts';
export {
  afterStep,
  asConnectionError,
  decideRecovered,
  failedOperation,
  type StepOutcome,
} from './connection/plan.ts';
export {
  payloadOf,
  type RecordedEvent,
  recordedEvent,
  snapshotOfState,
  stateOfSnapshot,
} from './connection/recordedEvent.ts';
export {
  answerOfEvent,
  markRepeatable,
  repeatableBy,
} from './connection/repeatedCommand.ts';
export { shardNumber } from './connection/shardNumber.ts';
export { absentAt, type ConnectionState, isDesiredOpen } from './connection/state.ts';
export { type CommandAnswer, type Decision, type Step, stagedActions } from './connection/steps.ts';
export {
  changedLogLevelSchema,
  configSchema,
  devopsErrorResponseSchema,
  loggerConfigSchema,
  loggerConfigsSchema,
  statusInfoSchema,
} from './devops/devopsSchemas.ts';
export {
  type LoggerConfig,
  loggerConfigFromJson,
  loggerConfigToJson,
} from './devops/loggerConfig.ts';
export {
  isAggregated,
  isGroupTopic,
  type PiggybackCommand,
  type PiggybackRequest,
  parsePiggybackRequest,
  piggybackCommandToJson,
  queryParametersAsHeaders,
} from './devops/piggybackCommand.ts';
export {
  type PiggybackedCommand,
  readPiggybackedCommand,
  targetTimeoutMs,
} from './devops/piggybackedCommand.ts';
export {
  devOpsErrorResponse,
  type PiggybackAnswer,
  piggybackAnswer,
  piggybackResponse,
  type Responder,
} from './devops/piggybackResponse.ts';
export {
  compositeStatusInfo,
  type DetailLevel,
  detailLevels,
  type HealthStatus,
  healthStatuses,
  isHealthy,
  labelled,
  type StatusDetail,
  type StatusInfo,
  statusInfo,
  statusInfoFromJson,
  statusInfoToJson,
} from './devops/statusInfo.ts';
export { decodeKey } from './encryption/aesGcm.ts';
export {
  type EncryptionConfig,
  encryptionConfigProblem,
  type MigrationMode,
  type MigrationResult,
  migrateSecrets,
  migrationMode,
} from './encryption/encryptionMigration.ts';
export {
  decryptSecrets,
  defaultSecretPointers,
  encryptSecrets,
  hasEncryptedSecrets,
  type SecretFields,
  type SecretKeys,
} from './encryption/secretFields.ts';
export {
  apiVersionNotSupported,
  askError,
  commandTimeout,
  internalError,
  mediaTypeUnsupported,
  typeNotParsable,
} from './errors/baseErrors.ts';
export {
  connectionConfigurationInvalid,
  connectionConflict,
  connectionFailed,
  connectionHistoryNotAccessible,
  connectionIdEnforcementFailed,
  connectionIdNotSettable,
  connectionNotAccessible,
  connectionSignalIllegalWhile,
  connectionsAmountIllegal,
  connectionTimeout,
  connectionTypeNotChangeable,
  connectionUnavailable,
  connectivityCommandInvalid,
  connectivityInternalError,
  mapperConfigurationFailed,
  mapperConfigurationInvalid,
  messageMappingFailed,
} from './errors/connectivityErrors.ts';
export { logLevelInvalid, piggybackCommandUnknown } from './errors/devopsErrors.ts';
export { DittoError, type DittoErrorParts, isDittoError } from './errors/dittoError.ts';
export { errorClasses, type RegisteredError } from './errors/errorClasses.ts';
export { type ErrorCode, errorCodes } from './errors/errorCodes.ts';
export { errorFromJson, type ParsedError, parseError } from './errors/errorRegistry.ts';
export { errorSchema } from './errors/errorSchema.ts';
export {
  authenticationFailed,
  authenticationProviderUnavailable,
  divergentHeader,
  duplicateHeader,
  gatewayTimeoutInvalid,
  jwtInvalid,
  jwtIssuerNotSupported,
  unauthorizedSubjects,
} from './errors/gatewayErrors.ts';
export {
  jsonFieldMissing,
  jsonFormatInvalid,
  jsonInvalid,
  jsonNoObject,
  jsonNotA,
  jsonNotAnObject,
  jsonUnparsable,
  jsonWrongType,
} from './errors/jsonErrors.ts';
export { makeError } from './errors/makeError.ts';
export { unspecificFailureOf } from './errors/unspecificFailure.ts';
export {
  type ConnectionAnnouncement,
  connectionAnnouncementToJson,
  parseConnectionAnnouncement,
} from './events/announcements.ts';
export {
  type ConnectionClosed,
  type ConnectionCreated,
  type ConnectionDeleted,
  type ConnectionEvent,
  type ConnectionModified,
  type ConnectionOpened,
  connectionEventToJson,
  connectionEventTypes,
  type ParseEventOptions,
  parseConnectionEvent,
} from './events/connectionEvents.ts';
export {
  connectionIdsByTag,
  existingConnectionIds,
} from './events/connectionIds.ts';
export { snapshotOf } from './events/connectionSnapshot.ts';
export {
  eventOfJournal,
  historicalHeadersOf,
  type JournalEvent,
  journalPayload,
  journalTags,
} from './events/journal.ts';
export { Fifo } from './fifo.ts';
export { revisionTag } from './headers/entityTag.ts';
export { checkPreconditions } from './headers/preconditions.ts';
export { responseHeaders } from './headers/responseHeaders.ts';
export { defaultHonoConfig, type HonoConfig, resolveHonoConnection } from './hono/resolveHonoConnection.ts';
export { copyJson } from './json/copyJson.ts';
export { isEqualJson } from './json/equalJson.ts';
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
export { readJson, readJsonObject } from './json/readJson.ts';
export { stringifyJson } from './json/stringifyJson.ts';
export { objectOf } from './json/valueAt.ts';
export { contentTypeOf, mediaTypeOf, payloadKindOf } from './mapping/contentType.ts';
export {
  type CompiledHeaderMapping,
  compileHeaderMapping,
  type InboundHeaderOrigin,
  inboundHeaders,
  type MappedHeaders,
  mapInboundHeaders,
  mapOutboundHeaders,
} from './mapping/headerMapping.ts';
export { javaScriptAlias, javaScriptEngine, mapperScripts } from './mapping/javaScriptEngine.ts';
export type { MapperEngine } from './mapping/mapperEngine.ts';
export { builtInEngines } from './mapping/mapperEngines.ts';
export {
  type ConfiguredMapper,
  createMapperRegistry,
  type MapperRegistry,
} from './mapping/mapperRegistry.ts';
export type { MapperEnvironment, PayloadMapper } from './mapping/payloadMapper.ts';
export {
  adaptableFromObject,
  adaptableFromPlainText,
  protocolMessageWithHeaders,
} from './mapping/protocolObject.ts';
export { compileMapper, type MapperResult } from './mapping/runMapper.ts';
export { checkScriptSize } from './mapping/scriptSize.ts';
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
export { type ConnectionUri, parseConnectionUri, socketHost } from './model/connectionUri.ts';
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
export { parseConnection, parseMappingDefinition } from './model/parseConnection.ts';
export { parseTarget } from './model/parseTarget.ts';
export { parseStoredConnection } from './model/storedConnection.ts';
export { OpenList, type OpenListLinks } from './openList.ts';
export { compileAckRequests } from './pipeline/ackRequests.ts';
export { compileAuthorization, type ResolveAuthorization } from './pipeline/authorization.ts';
export { compileConnection } from './pipeline/compileConnection.ts';
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
export { type Condition, compileConditions } from './pipeline/conditions.ts';
export { type DryRun, dryRun } from './pipeline/dryRun.ts';
export {
  type CompiledEnforcement,
  compileEnforcement,
  enforcementInputPlaceholder,
} from './pipeline/enforcement.ts';
export { type HttpPushHeaders, httpPushHeaders } from './pipeline/httpHeaders.ts';
export { type HttpTargetOverrides, httpRequestTarget } from './pipeline/httpRequestTarget.ts';
export {
  compileInboundMapping,
  type InboundMapping,
  type MappedInbound,
  type MappedMessage,
} from './pipeline/inboundMapping.ts';
export { andThen } from './pipeline/maybePromise.ts';
export { MessageContext, type MessageOrigin } from './pipeline/messageContext.ts';
export {
  type ConnectionLabels,
  createOutboundMappings,
  type MappedOutbound,
  type OutboundMapping,
  type OutboundMappings,
} from './pipeline/outboundMapping.ts';
export {
  defaultPipelineLimits,
  type PipelineEnvironment,
  type PipelineLimits,
} from './pipeline/pipelineEnvironment.ts';
export type { PipelineObserver, PipelineStep } from './pipeline/pipelineObserver.ts';
export { authSubjectsOf, SignalContext } from './pipeline/signalContext.ts';
export { compileTargetFilter, isOwn, type TargetFilter, viewOf } from './pipeline/signalFilter.ts';
export { selectExtra } from './pipeline/signalFilterExtraFields.ts';
export type { SignalView } from './pipeline/signalFilterView.ts';
export { compileTargetAddress, type ResolveAddress } from './pipeline/targetAddress.ts';
export {
  type AmqpAddress,
  type HttpAddress,
  type KafkaAddress,
  parseAmqp091Address,
  parseHttpAddress,
  parseKafkaAddress,
  parseMqttAddress,
} from './pipeline/targetAddressParts.ts';
export type { Lookup, Placeholder, PlaceholderContext } from './placeholders/placeholder.ts';
export {
  allPlaceholders,
  connectionPlaceholder,
  entityPlaceholder,
  exactHeaderPlaceholder,
  featurePlaceholder,
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
export { type CompiledTemplate, compileTemplate } from './placeholders/template.ts';
export { thingOfSignal } from './placeholders/thingOfSignal.ts';
export { formatInstant, timePlaceholder } from './placeholders/timePlaceholder.ts';
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
  ConnectionFailure,
  type ExternalMessage,
  MisconfiguredError,
  type PeerAnswer,
  type ProtocolAdapter,
  type PublishEnd,
  PublishError,
  type PublishResult,
  type PublishTarget,
  type ResourceStatus,
  type Settlement,
  type SourceOrigin,
  type TunnelEnd,
} from './ports/protocolAdapter.ts';
export type {
  MapperScripts,
  ScriptEngine,
  TryingScriptEngine,
} from './ports/scriptEngine.ts';
export type { ScriptObserver, ScriptRun } from './ports/scriptRun.ts';
export type { Lease, Member, NodeTransport, ShardCoordinator, ShardOwner } from './ports/shardCoordinator.ts';
export { silentLog } from './ports/silentLog.ts';
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
export type { Span, Tracer } from './ports/tracer.ts';
export {
  type OpenTunnel,
  type Tunnel,
  TunnelError,
  type TunnelEvents,
} from './ports/tunnel.ts';
export type {
  ReaderView,
  SignalSender,
  SignalSubscription,
  StreamingType,
  TwinService,
  Voyage,
} from './ports/twinService.ts';
export {
  checkAckLabel,
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
  withInternalHeader,
} from './protocol/dittoHeaders.ts';
export { filterHeadersFromExternal, filterHeadersToExternal } from './protocol/headerFilters.ts';
export { canonicalInstant } from './protocol/instant.ts';
export { formatPointer, parsePointer } from './protocol/pointer.ts';
export { type CommandCategory, isAnswer, type Signal, type SignalKind } from './protocol/signal.ts';
export { parseTimeoutMs } from './protocol/timeout.ts';
export {
  formatTopicPath,
  parseTopicPath,
  type TopicChannel,
  type TopicCriterion,
  type TopicGroup,
  type TopicPath,
} from './protocol/topicPath.ts';
export { rememberLast } from './remember.ts';
export type { RqlField, RqlLiteral, RqlNode } from './rql/ast.ts';
export type { RqlSubject } from './rql/compileLeaf.ts';
export { compileRql, type RqlPredicate } from './rql/compileRql.ts';
export { type ParseRqlOptions, parseRql } from './rql/parseRql.ts';
export { printRql } from './rql/printRql.ts';
export { topicFilterPlaceholders } from './rql/topicFilterPlaceholders.ts';
export {
  AckAggregator,
  ackEntryOf,
  combineAcknowledgements,
  missingLabels,
  type RequestedAcks,
} from './signals/ackAggregation.ts';
export {
  type AckEntry,
  type AcknowledgementParts,
  ackEntriesFromJson,
  ackLabelOf,
  acknowledgement,
} from './signals/acknowledgements.ts';
export {
  collectingTimeoutMs,
  impossibleTimeout,
  isAckRequesting,
  isResponseRequired,
  isSmartQuery,
  requestedAcks,
  timeoutOf,
  withAckRequestDefaults,
} from './signals/ackRequests.ts';
export { settlementByError, settlementByResponses } from './signals/ackSettlement.ts';
export { adaptableFromSignal } from './signals/adaptableFromSignal.ts';
export { announcementSignal } from './signals/announcements.ts';
export { connectivitySignalJson, type SignalRegistry } from './signals/connectivityRegistry.ts';
export { checkPolicyId, checkThingId } from './signals/entityId.ts';
export { illegalLiveResponse } from './signals/illegalLiveResponse.ts';
export { liveResponseMismatch } from './signals/liveResponseMatching.ts';
export { type AnsweredSignal, liveResponseUnsupported, signalOfAnswer } from './signals/peerAnswers.ts';
export {
  acceptsDivertedResponse,
  type Diversion,
  divertResponse,
  type ErrorOrigin,
  errorReply,
  expectedResponseTypes,
  isReplyPublished,
  type ReplyFacts,
} from './signals/replies.ts';
export { resourceTypeOf, responseTypeOf } from './signals/signalFacts.ts';
export { signalFromAdaptable } from './signals/signalFromAdaptable.ts';
export { signalFromJson, signalJson } from './signals/signalJson.ts';
export { type AckLabelsOfConnection, type PublishOutcome, weakAckLabels } from './signals/weakAcks.ts';
export type { RequestSignature, RequestSigner, SignableRequest } from './signing/requestSigner.ts';
export {
  compileRequestSigner,
  compileSaslCredentials,
  type SaslCredentials,
} from './signing/requestSigning.ts';
export { encodeAllButUnreserved } from './signing/uriEncoding.ts';
export {
  authorizePolicySignal,
  authorizeThingSignal,
  readableThing,
  restrictResponse,
} from './twin/authorize.ts';
export { decidePolicy } from './twin/decidePolicy.ts';
export { decideThing } from './twin/decideThing.ts';
export { defaultPolicy } from './twin/policyDefault.ts';
export { compilePolicy, type PolicyEnforcer } from './twin/policyEnforcer.ts';
export { unknownPolicy } from './twin/policyErrors.ts';
export { implicitPolicyCreate } from './twin/policyImplicitCreate.ts';
export { absentPolicy, evolvePolicy, type PolicyState } from './twin/policyState.ts';
export { readersOf, restrictEvent } from './twin/readers.ts';
export { fullThing } from './twin/retrieveThingFields.ts';
export { type ReadableThing, retrieveThingsResponse } from './twin/retrieveThingsResponse.ts';
export { fulfils } from './twin/thingConditions.ts';
export { thingNotFound } from './twin/thingErrors.ts';
export { implicitCreate } from './twin/thingImplicitCreate.ts';
export { absentThing, evolveThing, type ThingState } from './twin/thingState.ts';
export type { TwinDecision } from './twin/twinDecision.ts';
export {
  checkHost,
  compileHostPolicy,
  type HostAnswer,
  type HostLookup,
  type HostPolicy,
  type HostRules,
} from './validation/hostPolicy.ts';
export { hostsToLookUp, lookUpHosts } from './validation/lookUpHosts.ts';
export { mqttTopicFault, mqttTopicFilterFault } from './validation/mqttTopic.ts';
export { type ConnectionJson, connectionSchema } from './validation/schema/connectionSchema.ts';
export { checkClientConfiguration, validateConnection } from './validation/validateConnection.ts';
export { defaultValidationConfig, type ValidationConfig } from './validation/validationConfig.ts';
