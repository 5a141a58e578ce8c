import type { Setting } from './dittoSettings.ts';

/** Hawser's own settings, beyond Ditto's. */
export const hawserSettings = {
  /** Folder of the embedded journal. */
  'hawser.data': { type: 'string', default: './data', env: ['HAWSER_DATA'] },
  /** File of the key for stored secrets when none is configured; empty: `encryption.key` in the folder of the embedded journal. */
  'hawser.key-file': { type: 'string', default: '', env: ['HAWSER_KEY_FILE'] },
  /** How long a publish may stay unfinished before it has failed. */
  'hawser.publish-timeout': { type: 'duration', default: '60s', env: ['HAWSER_PUBLISH_TIMEOUT'] },
  /** `finished`: settle a source message when every publish that it caused has finished. `ditto`: at Ditto's moment. */
  'hawser.settle': { type: 'string', default: 'finished', env: ['HAWSER_SETTLE'] },
  /** `static-grant`: every subject may do everything with things. `policies`: what the things' policies say, as in Ditto. */
  'hawser.twin.authorization': {
    type: 'string',
    default: 'static-grant',
    env: ['HAWSER_TWIN_AUTHORIZATION'],
  },
  /** Things, and policies, whose state is kept in memory; the others are read when they are wanted. */
  'hawser.twin.max-cached': { type: 'int', default: 10_000, env: ['HAWSER_TWIN_MAX_CACHED'] },
  /** Source messages under way (unsettled) per client. */
  'hawser.max-in-flight': { type: 'int', default: 500, env: ['HAWSER_MAX_IN_FLIGHT'] },
  /** Largest message accepted from a broker, bytes. */
  'hawser.max-inbound-bytes': { type: 'int', default: 1_048_576, env: ['HAWSER_MAX_INBOUND_BYTES'] },
  /** Signals waiting for a target that come from no source. */
  'hawser.max-queued-signals': { type: 'int', default: 1000, env: ['HAWSER_MAX_QUEUED_SIGNALS'] },
  /** Open connections started per interval after a start of the process. */
  'hawser.recovery.entities': { type: 'int', default: 10, env: ['HAWSER_RECOVERY_ENTITIES'] },
  'hawser.recovery.interval': { type: 'duration', default: '100ms', env: ['HAWSER_RECOVERY_INTERVAL'] },
  /** The same correlation-id and command within 10 minutes gives the same answer. */
  'hawser.idempotent-commands': { type: 'boolean', default: false, env: ['HAWSER_IDEMPOTENT_COMMANDS'] },
  /** Use a database that holds Ditto's collections and none of ours, without importing them. */
  'hawser.ignore-ditto': { type: 'boolean', default: false, env: ['HAWSER_IGNORE_DITTO'] },
  /** Refuse private, link-local and carrier-grade addresses as broker hosts, and pin what was checked. */
  'hawser.strict-hosts': { type: 'boolean', default: false, env: ['HAWSER_STRICT_HOSTS'] },
  /** Commands are refused while less than this is free on the disk of the embedded journal, bytes. */
  'hawser.min-free-bytes': { type: 'int', default: 67_108_864, env: ['HAWSER_MIN_FREE_BYTES'] },
  /** What the scripts of one JavaScript mapper may hold in memory, bytes. */
  'hawser.scripts.max-memory-bytes': {
    type: 'int',
    default: 16_777_216,
    env: ['HAWSER_SCRIPTS_MAX_MEMORY_BYTES'],
  },
  /** Threads that run scripts; with more JavaScript mappers than these several share one. */
  'hawser.scripts.max-threads': { type: 'int', default: 32, env: ['HAWSER_SCRIPTS_MAX_THREADS'] },
  /** Messages that may wait for one JavaScript mapper. */
  'hawser.scripts.max-queued-messages': {
    type: 'int',
    default: 1000,
    env: ['HAWSER_SCRIPTS_MAX_QUEUED_MESSAGES'],
  },
  /** Largest HTTP request body, bytes (Ditto's HTTP server has 8 MB). */
  'hawser.http.max-body-bytes': { type: 'int', default: 8_388_608, env: ['HAWSER_HTTP_MAX_BODY_BYTES'] },
  /** Largest sum of request headers, bytes. */
  'hawser.http.max-header-bytes': { type: 'int', default: 16_384, env: ['HAWSER_HTTP_MAX_HEADER_BYTES'] },
  /** A client must have sent its headers, and its whole request, within these. */
  'hawser.http.headers-timeout': { type: 'duration', default: '10s', env: ['HAWSER_HTTP_HEADERS_TIMEOUT'] },
  'hawser.http.receive-timeout': { type: 'duration', default: '30s', env: ['HAWSER_HTTP_RECEIVE_TIMEOUT'] },
  'hawser.http.max-connections': { type: 'int', default: 2000, env: ['HAWSER_HTTP_MAX_CONNECTIONS'] },
  /** Requests under way at once, health apart. */
  'hawser.http.max-requests': { type: 'int', default: 2000, env: ['HAWSER_HTTP_MAX_REQUESTS'] },
  /** Requests a minute from one address, health apart; 0: no limit. */
  'hawser.http.rate-limit': { type: 'int', default: 0, env: ['HAWSER_HTTP_RATE_LIMIT'] },
  /** A line for each request at `info`, not at `debug`. */
  'hawser.http.access-log': { type: 'boolean', default: false, env: ['HAWSER_ACCESS_LOG'] },
  /** PEM files of certificate (chain) and private key: the listener speaks TLS. */
  'hawser.http.tls-cert': { type: 'string', default: '', env: ['HAWSER_TLS_CERT'] },
  'hawser.http.tls-key': { type: 'string', default: '', env: ['HAWSER_TLS_KEY'] },
  /** A token must be for one of these; empty: for anyone, as in Ditto. */
  'hawser.oauth2-audiences': { type: 'list', default: [], env: ['HAWSER_OAUTH2_AUDIENCES'] },
  /** Subjects of tokens that may only read. */
  'hawser.read-only-oauth2-subjects': {
    type: 'list',
    default: [],
    env: ['HAWSER_READ_ONLY_OAUTH2_SUBJECTS'],
  },
  /** Of user `viewer`, who may only read; empty: there is none. */
  'hawser.read-only-password': { type: 'string', default: '', env: ['HAWSER_READ_ONLY_PASSWORD'] },
  /** How long a graceful stop may take before what is left is cut. */
  'hawser.shutdown-timeout': { type: 'duration', default: '8s', env: ['HAWSER_SHUTDOWN_TIMEOUT'] },
  /** Connections that `/metrics` shows one by one; the others are shown as one. */
  'hawser.metrics.max-connections': { type: 'int', default: 1000, env: ['HAWSER_METRICS_MAX_CONNECTIONS'] },
  /** Spans of the stages of each message, sent to an OpenTelemetry collector over OTLP/HTTP. */
  'hawser.tracing.enabled': { type: 'boolean', default: false, env: ['HAWSER_TRACING_ENABLED'] },
  'hawser.tracing.endpoint': {
    type: 'string',
    default: 'http://localhost:4318',
    env: ['HAWSER_TRACING_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  },
  /** Share of the traces that begin here and are kept, 0 to 1. */
  'hawser.tracing.ratio': { type: 'number', default: 0.1, env: ['HAWSER_TRACING_RATIO'] },
  /** trace, debug, info, warn or error. */
  'hawser.log-level': { type: 'string', default: 'info', env: ['HAWSER_LOG_LEVEL', 'LOG_LEVEL_APPLICATION'] },
} as const satisfies Record<string, Setting>;
