/**
 * How the text of a setting is read. Durations are HOCON texts such as `50s`; inside they are milliseconds. A group has members
 * with names of the operator's choice below its key.
 */
export type SettingType = 'string' | 'boolean' | 'int' | 'number' | 'duration' | 'list' | 'group';

export interface Setting {
  readonly type: SettingType;
  readonly default: string | boolean | number | readonly string[];
  /** Environment variables that set it, the first one present wins. */
  readonly env: readonly string[];
  /** Known so that a Ditto configuration starts, without effect here (JVM and cluster internals). */
  readonly inert?: true;
}

/** Ditto's configuration keys with Ditto's defaults and variables (connectivity.conf, gateway.conf, ditto-mongo.conf). */
export const dittoSettings = {
  'ditto.connectivity.hono.base-uri': {
    type: 'string',
    default: 'tcp://localhost:9092',
    env: ['HONO_CONNECTION_URI'],
  },
  'ditto.connectivity.hono.validate-certificates': {
    type: 'boolean',
    default: false,
    env: ['HONO_CONNECTION_VALIDATE_CERTIFICATE'],
  },
  'ditto.connectivity.hono.ca': { type: 'string', default: '', env: ['HONO_CONNECTION_CA'] },
  'ditto.connectivity.hono.sasl-mechanism': {
    type: 'string',
    default: 'PLAIN',
    env: ['HONO_CONNECTION_SASL_MECHANISM'],
  },
  'ditto.connectivity.hono.bootstrap-servers': {
    type: 'string',
    default: 'localhost:9092',
    env: ['HONO_CONNECTION_BOOTSTRAP_SERVERS'],
  },
  'ditto.connectivity.hono.username': {
    type: 'string',
    default: 'honoUsername',
    env: ['HONO_CONNECTION_HONO_USERNAME'],
  },
  'ditto.connectivity.hono.password': {
    type: 'string',
    default: 'honoPassword',
    env: ['HONO_CONNECTION_HONO_PASSWORD'],
  },
  'ditto.connectivity.connection.allowed-hostnames': {
    type: 'string',
    default: 'hono-endpoint',
    env: ['CONNECTIVITY_CONNECTION_ALLOWED_HOSTNAMES'],
  },
  'ditto.connectivity.connection.blocked-hostnames': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_CONNECTION_BLOCKED_HOSTNAMES'],
  },
  'ditto.connectivity.connection.blocked-subnets': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_CONNECTION_BLOCKED_SUBNETS'],
  },
  'ditto.connectivity.connection.blocked-host-regex': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_CONNECTION_BLOCKED_HOST_REGEX'],
  },
  'ditto.connectivity.connection.max-source-number': {
    type: 'int',
    default: 4,
    env: ['CONNECTION_SOURCE_NUMBER'],
  },
  'ditto.connectivity.connection.max-target-number': {
    type: 'int',
    default: 4,
    env: ['CONNECTION_TARGET_NUMBER'],
  },
  'ditto.connectivity.connection.encryption.encryption-enabled': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_CONNECTION_ENCRYPTION_ENABLED'],
  },
  'ditto.connectivity.connection.encryption.symmetrical-key': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_CONNECTION_ENCRYPTION_KEY'],
  },
  'ditto.connectivity.connection.encryption.old-symmetrical-key': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_CONNECTION_OLD_ENCRYPTION_KEY'],
  },
  'ditto.connectivity.connection.encryption.json-pointers': {
    type: 'list',
    default: [
      '/uri',
      '/credentials/key',
      '/sshTunnel/credentials/password',
      '/sshTunnel/credentials/privateKey',
      '/credentials/parameters/accessKey',
      '/credentials/parameters/secretKey',
      '/credentials/parameters/sharedKey',
      '/credentials/clientSecret',
      '/credentials/password',
    ],
    env: ['CONNECTIVITY_CONNECTION_ENCRYPTION_POINTERS'],
  },
  'ditto.connectivity.connection.encryption.migration.batch-size': {
    type: 'int',
    default: 10,
    env: ['CONNECTIVITY_ENCRYPTION_MIGRATION_BATCH_SIZE'],
  },
  'ditto.connectivity.connection.encryption.migration.max-documents-per-minute': {
    type: 'int',
    default: 200,
    env: ['CONNECTIVITY_ENCRYPTION_MIGRATION_MAX_DOCS_PER_MINUTE'],
  },
  'ditto.connectivity.connection.supervisor.exponential-backoff.min': {
    type: 'duration',
    default: '1s',
    env: [],
  },
  'ditto.connectivity.connection.supervisor.exponential-backoff.max': {
    type: 'duration',
    default: '120s',
    env: [],
  },
  'ditto.connectivity.connection.supervisor.exponential-backoff.random-factor': {
    type: 'number',
    default: 1,
    env: [],
  },
  'ditto.connectivity.connection.supervisor.exponential-backoff.corrupted-receive-timeout': {
    type: 'duration',
    default: '600s',
    env: [],
  },
  'ditto.connectivity.connection.supervisor.local-ask.timeout': {
    type: 'duration',
    default: '50s',
    env: ['CONNECTIVITY_SUPERVISOR_LOCAL_ASK_TIMEOUT'],
  },
  'ditto.connectivity.connection.supervisor.local-ask.timeout-during-recovery': {
    type: 'duration',
    default: '50s',
    env: ['CONNECTIVITY_SUPERVISOR_LOCAL_ASK_TIMEOUT_DURING_RECOVERY'],
  },
  'ditto.connectivity.connection.snapshot.interval': {
    type: 'duration',
    default: '15m',
    env: ['CONNECTION_SNAPSHOT_INTERVAL'],
  },
  'ditto.connectivity.connection.snapshot.threshold': {
    type: 'int',
    default: 10,
    env: ['CONNECTION_SNAPSHOT_THRESHOLD'],
  },
  'ditto.connectivity.connection.event.historical-headers-to-persist': {
    type: 'list',
    default: [],
    env: ['CONNECTION_EVENT_HISTORICAL_HEADERS_TO_PERSIST'],
  },
  'ditto.connectivity.connection.activity-check.inactive-interval': {
    type: 'duration',
    default: '45m',
    env: ['CONNECTION_ACTIVITY_CHECK_INTERVAL'],
  },
  'ditto.connectivity.connection.activity-check.deleted-interval': {
    type: 'duration',
    default: '5m',
    env: ['CONNECTION_ACTIVITY_CHECK_DELETED_INTERVAL'],
  },
  'ditto.connectivity.connection.client-actor-ask-timeout': {
    type: 'duration',
    default: '55s',
    env: ['CONNECTIVITY_CLIENT_ACTOR_ASK_TIMEOUT'],
  },
  'ditto.connectivity.connection.client-actor-restarts-before-escalation': {
    type: 'int',
    default: 3,
    env: ['CONNECTIVITY_CLIENT_ACTOR_RETRIES_BEFORE_ESCALATION'],
  },
  'ditto.connectivity.connection.all-client-actors-on-one-node': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_ALL_CLIENT_ACTORS_ON_ONE_NODE'],
  },
  'ditto.connectivity.connection.shutdown-timeout': {
    type: 'duration',
    default: '3s',
    env: ['CONNECTION_SHUTDOWN_TIMEOUT'],
  },
  'ditto.connectivity.connection.acknowledgement.forwarder-fallback-timeout': {
    type: 'duration',
    default: '65s',
    env: [],
  },
  'ditto.connectivity.connection.acknowledgement.collector-fallback-lifetime': {
    type: 'duration',
    default: '100s',
    env: [],
  },
  'ditto.connectivity.connection.acknowledgement.collector-fallback-ask-timeout': {
    type: 'duration',
    default: '120s',
    env: [],
  },
  'ditto.connectivity.connection.acknowledgement.issued-max-bytes': {
    type: 'int',
    default: 100000,
    env: ['CONNECTIVITY_ACKNOWLEDGEMENT_ISSUED_MAX_BYTES'],
  },
  'ditto.connectivity.connection.ack-label-declare-interval': {
    type: 'duration',
    default: '10s',
    env: ['CONNECTIVITY_ACK_LABEL_DECLARE_INTERVAL'],
  },
  'ditto.connectivity.connection.priority-update-interval': {
    type: 'duration',
    default: '24h',
    env: ['CONNECTIVITY_PRIORITY_UPDATE_INTERVAL'],
  },
  'ditto.connectivity.connection.amqp10.consumer.redelivery-expectation-timeout': {
    type: 'duration',
    default: '120s',
    env: ['AMQP10_CONSUMER_REDELIVERY_EXPECTATION_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp10.consumer.throttling.enabled': {
    type: 'boolean',
    default: false,
    env: ['AMQP10_CONSUMER_THROTTLING_ENABLED', 'AMQP10_CONSUMER_RATE_LIMIT_ENABLED'],
  },
  'ditto.connectivity.connection.amqp10.consumer.throttling.interval': {
    type: 'duration',
    default: '1s',
    env: ['AMQP10_CONSUMER_THROTTLING_INTERVAL'],
  },
  'ditto.connectivity.connection.amqp10.consumer.throttling.limit': {
    type: 'int',
    default: 100,
    env: ['AMQP10_CONSUMER_THROTTLING_LIMIT'],
  },
  'ditto.connectivity.connection.amqp10.consumer.throttling.throttling-detection-tolerance': {
    type: 'number',
    default: 0.05,
    env: ['AMQP_10_CONSUMER_THROTTLING_DETECTION_TOLERANCE'],
  },
  'ditto.connectivity.connection.amqp10.consumer.throttling.max-in-flight-factor': {
    type: 'number',
    default: 2,
    env: ['AMQP10_CONSUMER_THROTTLING_MAX_IN_FLIGHT_FACTOR'],
  },
  'ditto.connectivity.connection.amqp10.publisher.max-queue-size': {
    type: 'int',
    default: 1000,
    env: ['AMQP10_PUBLISHER_MAX_QUEUE_SIZE'],
  },
  'ditto.connectivity.connection.amqp10.publisher.parallelism': {
    type: 'int',
    default: 10,
    env: ['AMQP10_PUBLISHER_PARALLELISM'],
  },
  'ditto.connectivity.connection.amqp10.producer-cache-size': {
    type: 'int',
    default: 10,
    env: ['AMQP10_PRODUCER_CACHE_SIZE'],
  },
  'ditto.connectivity.connection.amqp10.global-connect-timeout': {
    type: 'duration',
    default: '15s',
    env: ['AMQP10_GLOBAL_CONNECT_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp10.global-send-timeout': {
    type: 'duration',
    default: '60s',
    env: ['AMQP10_GLOBAL_SEND_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp10.global-request-timeout': {
    type: 'duration',
    default: '5s',
    env: ['AMQP10_GLOBAL_REQUEST_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp10.global-prefetch-policy-all-count': {
    type: 'int',
    default: 10,
    env: ['AMQP10_GLOBAL_PREFETCH_POLICY_ALL_COUNT'],
  },
  'ditto.connectivity.connection.amqp10.backoff.timeout.min-timeout': {
    type: 'duration',
    default: '1s',
    env: ['AMQP10_BACK_OFF_MIN_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp10.backoff.timeout.max-timeout': {
    type: 'duration',
    default: '10m',
    env: ['AMQP10_BACK_OFF_MAX_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp10.initial-consumer-resource-status-ask-timeout': {
    type: 'duration',
    default: '500ms',
    env: ['AMQP10_INITIAL_CONSUMER_RESOURCE_STATUS_ASK_TIMEOUT'],
  },
  'ditto.connectivity.connection.amqp091.publisher.pending-ack-ttl': {
    type: 'duration',
    default: '1m',
    env: [],
  },
  'ditto.connectivity.connection.mqtt.source-buffer-size': {
    type: 'int',
    default: 8,
    env: ['CONNECTIVITY_MQTT_SOURCE_BUFFER_SIZE'],
  },
  'ditto.connectivity.connection.mqtt.max-queue-size': {
    type: 'int',
    default: 1000,
    env: ['CONNECTIVITY_MQTT_MAX_QUEUE_SIZE'],
  },
  'ditto.connectivity.connection.mqtt.event-loop-threads': {
    type: 'int',
    default: 0,
    env: ['CONNECTIVITY_MQTT_EVENT_LOOP_THREADS'],
    inert: true,
  },
  'ditto.connectivity.connection.mqtt.clean-session': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_MQTT_CLEAN_SESSION'],
  },
  'ditto.connectivity.connection.mqtt.should-resolve-server-address': {
    type: 'boolean',
    default: true,
    env: ['CONNECTIVITY_MQTT_SHOULD_RESOLVE_SERVER_ADDRESS'],
  },
  'ditto.connectivity.connection.mqtt.reconnect-for-redelivery': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_MQTT_RECONNECT_FOR_REDELIVERY'],
  },
  'ditto.connectivity.connection.mqtt.reconnect-for-redelivery-delay': {
    type: 'duration',
    default: '10s',
    env: ['CONNECTIVITY_MQTT_RECONNECT_FOR_REDELIVERY_DELAY'],
  },
  'ditto.connectivity.connection.mqtt.session-expiry-interval': {
    type: 'duration',
    default: '60s',
    env: ['CONNECTIVITY_MQTT_SESSION_EXPIRY_INTERVAL'],
  },
  'ditto.connectivity.connection.mqtt.separate-publisher-client': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_MQTT_SEPARATE_PUBLISHER_CLIENT'],
  },
  'ditto.connectivity.connection.mqtt.reconnect.min-timeout-for-mqtt-broker-initiated-disconnect': {
    type: 'duration',
    default: '1s',
    env: ['CONNECTIVITY_MQTT_RECONNECT_MIN_TIMEOUT_FOR_MQTT_BROKER_INITIATED_DISCONNECT'],
  },
  'ditto.connectivity.connection.mqtt.reconnect.backoff.timeout.min-timeout': {
    type: 'duration',
    default: '0s',
    env: ['CONNECTIVITY_MQTT_RECONNECT_BACKOFF_TIMEOUT_MIN'],
  },
  'ditto.connectivity.connection.mqtt.reconnect.backoff.timeout.max-timeout': {
    type: 'duration',
    default: '1m',
    env: ['CONNECTIVITY_MQTT_RECONNECT_BACKOFF_TIMEOUT_MAX'],
  },
  'ditto.connectivity.connection.mqtt.throttling.enabled': {
    type: 'boolean',
    default: false,
    env: ['MQTT_CONSUMER_THROTTLING_ENABLED'],
  },
  'ditto.connectivity.connection.mqtt.throttling.interval': {
    type: 'duration',
    default: '1s',
    env: ['MQTT_CONSUMER_THROTTLING_INTERVAL'],
  },
  'ditto.connectivity.connection.mqtt.throttling.limit': {
    type: 'int',
    default: 100,
    env: ['MQTT_CONSUMER_THROTTLING_LIMIT'],
  },
  'ditto.connectivity.connection.mqtt.receive-maximum-client': {
    type: 'int',
    default: 65535,
    env: ['CONNECTIVITY_MQTT_CLIENT_RECEIVE_MAXIMUM'],
  },
  'ditto.connectivity.connection.http-push.max-queue-size': {
    type: 'int',
    default: 1000,
    env: ['CONNECTIVITY_HTTP_PUSH_MAX_QUEUE_SIZE'],
  },
  'ditto.connectivity.connection.http-push.request-timeout': {
    type: 'duration',
    default: '60s',
    env: ['CONNECTIVITY_HTTP_PUSH_REQUEST_TIMEOUT'],
  },
  'ditto.connectivity.connection.http-push.proxy.enabled': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_HTTP_PROXY_ENABLED'],
  },
  'ditto.connectivity.connection.http-push.proxy.hostname': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_HTTP_PROXY_HOST'],
  },
  'ditto.connectivity.connection.http-push.proxy.port': {
    type: 'int',
    default: 0,
    env: ['CONNECTIVITY_HTTP_PROXY_PORT'],
  },
  'ditto.connectivity.connection.http-push.proxy.username': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_HTTP_PROXY_USERNAME'],
  },
  'ditto.connectivity.connection.http-push.proxy.password': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_HTTP_PROXY_PASSWORD'],
  },
  'ditto.connectivity.connection.http-push.hmac-algorithms.aws4-hmac-sha256': {
    type: 'string',
    default: 'org.eclipse.ditto.connectivity.service.messaging.httppush.AwsRequestSigningFactory',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.http-push.hmac-algorithms.az-monitor-2016-04-01': {
    type: 'string',
    default: 'org.eclipse.ditto.connectivity.service.messaging.httppush.AzMonitorRequestSigningFactory',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.http-push.hmac-algorithms.az-sasl': {
    type: 'string',
    default: 'org.eclipse.ditto.connectivity.service.messaging.signing.AzSaslSigningFactory',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.http-push.oauth2.token-cache.maximum-size': {
    type: 'int',
    default: 1,
    env: ['CONNECTIVITY_HTTP_OAUTH2_CACHE_SIZE'],
  },
  'ditto.connectivity.connection.http-push.oauth2.max-clock-skew': {
    type: 'duration',
    default: '60s',
    env: ['CONNECTIVITY_HTTP_OAUTH2_MAX_CLOCK_SKEW'],
  },
  'ditto.connectivity.connection.http-push.oauth2.enforce-https': {
    type: 'boolean',
    default: true,
    env: ['CONNECTIVITY_HTTP_OAUTH2_ENFORCE_HTTPS'],
  },
  'ditto.connectivity.connection.http-push.omit-request-body-methods': {
    type: 'list',
    default: ['GET', 'DELETE'],
    env: ['CONNECTIVITY_HTTP_OMIT_REQUEST_BODY_METHODS'],
  },
  'ditto.connectivity.connection.kafka.consumer.throttling.enabled': {
    type: 'boolean',
    default: false,
    env: ['KAFKA_CONSUMER_THROTTLING_ENABLED'],
  },
  'ditto.connectivity.connection.kafka.consumer.throttling.interval': {
    type: 'duration',
    default: '1s',
    env: ['KAFKA_CONSUMER_THROTTLING_INTERVAL'],
  },
  'ditto.connectivity.connection.kafka.consumer.throttling.limit': {
    type: 'int',
    default: 100,
    env: ['KAFKA_CONSUMER_THROTTLING_LIMIT'],
  },
  'ditto.connectivity.connection.kafka.consumer.throttling.throttling-detection-tolerance': {
    type: 'number',
    default: 0.05,
    env: ['KAFKA_CONSUMER_THROTTLING_DETECTION_TOLERANCE'],
  },
  'ditto.connectivity.connection.kafka.consumer.throttling.max-in-flight-factor': {
    type: 'number',
    default: 2,
    env: ['KAFKA_CONSUMER_THROTTLING_MAX_IN_FLIGHT_FACTOR'],
  },
  'ditto.connectivity.connection.kafka.consumer.restart.exponential-backoff.min': {
    type: 'duration',
    default: '100ms',
    env: ['KAFKA_CONSUMER_RESTART_BACK_OFF_MIN', 'KAFKA_CONSUMER_RESTART_BACK_OFF_MAX'],
  },
  'ditto.connectivity.connection.kafka.consumer.restart.exponential-backoff.max': {
    type: 'duration',
    default: '60s',
    env: [],
  },
  'ditto.connectivity.connection.kafka.consumer.restart.exponential-backoff.random-factor': {
    type: 'number',
    default: 1,
    env: ['KAFKA_CONSUMER_RESTART_BACK_OFF_RANDOM_FACTOR'],
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.poll-interval': {
    type: 'duration',
    default: '50ms',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.stop-timeout': {
    type: 'duration',
    default: '0s',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.connection-checker.enable': {
    type: 'boolean',
    default: true,
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.connection-checker.max-retries': {
    type: 'int',
    default: 1,
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.connection-checker.check-interval': {
    type: 'duration',
    default: '5s',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.connection-checker.backoff-factor': {
    type: 'number',
    default: 1,
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.kafka-clients.enable.auto.commit': {
    type: 'boolean',
    default: true,
    env: [],
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.kafka-clients.fetch.max.wait.ms': {
    type: 'int',
    default: 2500,
    env: ['KAFKA_CONSUMER_FETCH_MAX_WAIT_MS'],
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.kafka-clients.metadata.max.age.ms': {
    type: 'int',
    default: 180000,
    env: ['KAFKA_CONNECTION_MAX_IDLE_MS'],
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.kafka-clients.connections.max.idle.ms': {
    type: 'int',
    default: 180000,
    env: ['KAFKA_CONNECTION_MAX_IDLE_MS'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.kafka-clients.session.timeout.ms': {
    type: 'int',
    default: 10000,
    env: ['KAFKA_SESSION_TIMEOUT_MS'],
  },
  'ditto.connectivity.connection.kafka.consumer.pekko-connectors.kafka-clients.heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    env: ['KAFKA_HEARTBEAT_INTERVAL_MS'],
  },
  'ditto.connectivity.connection.kafka.consumer.metric-collecting-interval': {
    type: 'duration',
    default: '10s',
    env: ['KAFKA_METRIC_COLLECTING_INTERVAL'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.consumer.init-timeout-seconds': {
    type: 'int',
    default: 3,
    env: ['KAFKA_CONSUMER_INIT_TIMEOUT_SECONDS'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.committer.pekko-connectors.max-batch': {
    type: 'int',
    default: 1000,
    env: ['KAFKA_COMMITTER_MAX_BATCH'],
  },
  'ditto.connectivity.connection.kafka.committer.pekko-connectors.max-interval': {
    type: 'duration',
    default: '10s',
    env: ['KAFKA_COMMITTER_MAX_INTERVAL'],
  },
  'ditto.connectivity.connection.kafka.producer.queue-size': {
    type: 'int',
    default: 1000,
    env: ['KAFKA_PRODUCER_QUEUE_SIZE'],
  },
  'ditto.connectivity.connection.kafka.producer.parallelism': {
    type: 'int',
    default: 10,
    env: ['KAFKA_PRODUCER_PARALLELISM'],
  },
  'ditto.connectivity.connection.kafka.producer.min-backoff': {
    type: 'duration',
    default: '1s',
    env: ['KAFKA_PRODUCER_MIN_BACKOFF'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.max-backoff': {
    type: 'duration',
    default: '10s',
    env: ['KAFKA_PRODUCER_MAX_BACKOFF'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.random-factor': {
    type: 'number',
    default: 0.2,
    env: ['KAFKA_PRODUCER_RANDOM_FACTOR'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.max-restarts-count': {
    type: 'int',
    default: 3,
    env: ['KAFKA_PRODUCER_MAX_RESTARTS_COUNT'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.max-restarts-within': {
    type: 'duration',
    default: '90s',
    env: ['KAFKA_PRODUCER_MAX_RESTARTS_WITHIN'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.init-timeout-seconds': {
    type: 'int',
    default: 3,
    env: ['KAFKA_PRODUCER_INIT_TIMEOUT_SECONDS'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.connections.max.idle.ms': {
    type: 'int',
    default: 180000,
    env: ['KAFKA_CONNECTION_MAX_IDLE_MS'],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.metadata.max.age.ms': {
    type: 'int',
    default: 180000,
    env: ['KAFKA_CONNECTION_MAX_IDLE_MS'],
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.reconnect.backoff.max.ms': {
    type: 'int',
    default: 10000,
    env: [],
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.reconnect.backoff.ms': {
    type: 'int',
    default: 500,
    env: [],
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.acks': {
    type: 'string',
    default: '1',
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.retries': {
    type: 'int',
    default: 0,
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.request.timeout.ms': {
    type: 'int',
    default: 10000,
    env: [],
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.delivery.timeout.ms': {
    type: 'int',
    default: 10000,
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.kafka.producer.pekko-connectors.kafka-clients.max.block.ms': {
    type: 'int',
    default: 10000,
    env: [],
    inert: true,
  },
  'ditto.connectivity.connection.cleanup.enabled': {
    type: 'boolean',
    default: true,
    env: ['CLEANUP_ENABLED'],
  },
  'ditto.connectivity.connection.cleanup.history-retention-duration': {
    type: 'duration',
    default: '30d',
    env: ['CLEANUP_HISTORY_RETENTION_DURATION'],
  },
  'ditto.connectivity.connection.cleanup.quiet-period': {
    type: 'duration',
    default: '5m',
    env: ['CLEANUP_QUIET_PERIOD'],
  },
  'ditto.connectivity.connection.cleanup.interval': {
    type: 'duration',
    default: '60s',
    env: ['CLEANUP_INTERVAL'],
  },
  'ditto.connectivity.connection.cleanup.timer-threshold': {
    type: 'duration',
    default: '150ms',
    env: ['CLEANUP_TIMER_THRESHOLD'],
  },
  'ditto.connectivity.connection.cleanup.credits-per-batch': {
    type: 'int',
    default: 1,
    env: ['CLEANUP_CREDITS_PER_BATCH'],
  },
  'ditto.connectivity.connection.cleanup.reads-per-query': {
    type: 'int',
    default: 100,
    env: ['CLEANUP_READS_PER_QUERY'],
  },
  'ditto.connectivity.connection.cleanup.writes-per-credit': {
    type: 'int',
    default: 100,
    env: ['CLEANUP_WRITES_PER_CREDIT'],
  },
  'ditto.connectivity.connection.cleanup.delete-final-deleted-snapshot': {
    type: 'boolean',
    default: false,
    env: ['CLEANUP_DELETE_FINAL_DELETED_SNAPSHOT'],
  },
  'ditto.connectivity.mapping.buffer-size': {
    type: 'int',
    default: 500,
    env: ['CONNECTIVITY_SIGNAL_ENRICHMENT_BUFFER_SIZE'],
  },
  'ditto.connectivity.mapping.parallelism': {
    type: 'int',
    default: 100,
    env: ['CONNECTIVITY_SIGNAL_ENRICHMENT_PARALLELISM'],
  },
  'ditto.connectivity.mapping.max-pool-size': {
    type: 'int',
    default: 5,
    env: ['CONNECTIVITY_MESSAGE_MAPPING_MAX_POOL_SIZE'],
  },
  'ditto.connectivity.mapping.publish-failed-enrichments': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_MESSAGE_MAPPING_PUBLISH_FAILED_ENRICHMENTS'],
  },
  'ditto.connectivity.mapping.javascript.maxScriptSizeBytes': {
    type: 'int',
    default: 50000,
    env: ['CONNECTIVITY_MESSAGE_MAPPING_JS_MAX_SCRIPT_SIZE_BYTES'],
  },
  'ditto.connectivity.mapping.javascript.maxScriptExecutionTime': {
    type: 'duration',
    default: '500ms',
    env: ['CONNECTIVITY_MESSAGE_MAPPING_JS_MAX_EXECUTION_TIME'],
  },
  'ditto.connectivity.mapping.javascript.maxScriptStackDepth': {
    type: 'int',
    default: 25,
    env: ['CONNECTIVITY_MESSAGE_MAPPING_JS_MAX_STACK_DEPTH'],
  },
  'ditto.connectivity.mapping.javascript.allowUnsafeStandardObjects': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_MESSAGE_MAPPING_JS_ALLOW_UNSAFE_STANDARD_OBJECTS'],
    inert: true,
  },
  'ditto.connectivity.mapping.javascript.commonJsModulePath': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_MESSAGE_MAPPING_JS_COMMON_JS_MODULE_PATH'],
    inert: true,
  },
  'ditto.connectivity.mapping.mapper-limits.max-source-mappers': { type: 'int', default: 10, env: [] },
  'ditto.connectivity.mapping.mapper-limits.max-mapped-inbound-messages': {
    type: 'int',
    default: 10,
    env: [],
  },
  'ditto.connectivity.mapping.mapper-limits.max-target-mappers': { type: 'int', default: 10, env: [] },
  'ditto.connectivity.mapping.mapper-limits.max-mapped-outbound-messages': {
    type: 'int',
    default: 10,
    env: [],
  },
  'ditto.connectivity.persistence-ping.journal-tag': {
    type: 'string',
    default: '',
    env: ['RECONNECT_JOURNAL_TAG'],
  },
  'ditto.connectivity.persistence-ping.initial-delay': {
    type: 'duration',
    default: '5s',
    env: ['RECONNECT_INITIAL_DELAY'],
  },
  'ditto.connectivity.persistence-ping.interval': {
    type: 'duration',
    default: '10m',
    env: ['RECONNECT_INTERVAL'],
  },
  'ditto.connectivity.persistence-ping.read-journal-batch-size': {
    type: 'int',
    default: 500,
    env: ['RECONNECT_READ_JOURNAL_BATCH_SIZE'],
  },
  'ditto.connectivity.persistence-ping.streaming-order': {
    type: 'string',
    default: 'TAGS',
    env: ['PERSISTENCE_PING_STREAMING_ORDER'],
  },
  'ditto.connectivity.persistence-ping.rate.frequency': {
    type: 'duration',
    default: '1s',
    env: ['RECONNECT_RATE_FREQUENCY'],
  },
  'ditto.connectivity.persistence-ping.rate.entities': {
    type: 'int',
    default: 1,
    env: ['RECONNECT_RATE_ENTITIES'],
  },
  'ditto.connectivity.connection-ids-retrieval.read-journal-batch-size': {
    type: 'int',
    default: 500,
    env: ['CONNECTION_IDS_RETRIEVAL_READ_JOURNAL_BATCH_SIZE'],
  },
  'ditto.connectivity.connection-ids-retrieval.read-snapshot-batch-size': {
    type: 'int',
    default: 50,
    env: ['CONNECTION_IDS_RETRIEVAL_READ_SNAPSHOT_BATCH_SIZE'],
  },
  'ditto.connectivity.client.init-timeout': {
    type: 'duration',
    default: '5s',
    env: ['CONNECTIVITY_CLIENT_INIT_TIMEOUT'],
  },
  'ditto.connectivity.client.connecting-min-timeout': {
    type: 'duration',
    default: '50s',
    env: ['CONNECTIVITY_CLIENT_CONNECTING_MIN_TIMEOUT'],
  },
  'ditto.connectivity.client.connecting-max-timeout': {
    type: 'duration',
    default: '60m',
    env: ['CONNECTIVITY_CLIENT_CONNECTING_MAX_TIMEOUT'],
  },
  'ditto.connectivity.client.connecting-max-tries': {
    type: 'int',
    default: 50,
    env: ['CONNECTIVITY_CLIENT_CONNECTING_MAX_TRIES'],
  },
  'ditto.connectivity.client.disconnecting-max-timeout': {
    type: 'duration',
    default: '5s',
    env: ['CONNECTIVITY_CLIENT_DISCONNECTING_MAX_TIMEOUT'],
  },
  'ditto.connectivity.client.disconnect-announcement-timeout': {
    type: 'duration',
    default: '3s',
    env: ['CONNECTIVITY_CLIENT_DISCONNECT_ANNOUNCEMENT_TIMEOUT'],
  },
  'ditto.connectivity.client.subscription-manager-timeout': {
    type: 'duration',
    default: '60s',
    env: ['CONNECTIVITY_CLIENT_SUBSCRIPTION_MANAGER_TIMEOUT'],
    inert: true,
  },
  'ditto.connectivity.client.testing-timeout': {
    type: 'duration',
    default: '10s',
    env: ['CONNECTIVITY_CLIENT_TESTING_TIMEOUT'],
  },
  'ditto.connectivity.client.min-backoff': {
    type: 'duration',
    default: '5s',
    env: ['CONNECTIVITY_CLIENT_MIN_BACKOFF'],
  },
  'ditto.connectivity.client.max-backoff': {
    type: 'duration',
    default: '60m',
    env: ['CONNECTIVITY_CLIENT_MAX_BACKOFF'],
  },
  'ditto.connectivity.client.client-actor-refs-notification-delay': {
    type: 'duration',
    default: '5m',
    env: [],
    inert: true,
  },
  'ditto.connectivity.client.subscription-refresh-delay': {
    type: 'duration',
    default: '5m',
    env: ['CONNECTIVITY_CLIENT_SUBSCRIPTION_REFRESH_INTERVAL'],
  },
  'ditto.connectivity.monitoring.logger.successCapacity': {
    type: 'int',
    default: 10,
    env: ['CONNECTIVITY_LOGGER_SUCCESS_CAPACITY'],
  },
  'ditto.connectivity.monitoring.logger.failureCapacity': {
    type: 'int',
    default: 10,
    env: ['CONNECTIVITY_LOGGER_FAILURE_CAPACITY'],
  },
  'ditto.connectivity.monitoring.logger.maxLogSizeBytes': {
    type: 'int',
    default: 250000,
    env: ['CONNECTIVITY_LOGGER_MAX_LOG_SIZE_BYTES'],
  },
  'ditto.connectivity.monitoring.logger.logDuration': {
    type: 'duration',
    default: '24h',
    env: ['CONNECTIVITY_LOGGER_LOG_DURATION'],
  },
  'ditto.connectivity.monitoring.logger.loggingActiveCheckInterval': {
    type: 'duration',
    default: '5m',
    env: ['CONNECTIVITY_LOGGER_ACTIVE_CHECK_INTERVAL'],
  },
  'ditto.connectivity.monitoring.logger.publisher.enabled': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_ENABLED'],
  },
  'ditto.connectivity.monitoring.logger.publisher.logLevels': {
    type: 'list',
    default: ['success', 'failure'],
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_LOG_LEVELS'],
  },
  'ditto.connectivity.monitoring.logger.publisher.logHeadersAndPayload': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_LOG_HEADERS_AND_PAYLOAD'],
  },
  'ditto.connectivity.monitoring.logger.publisher.log-tag': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_LOG_TAG'],
  },
  'ditto.connectivity.monitoring.logger.publisher.additional-log-context': {
    type: 'string',
    default: '',
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_ADDITIONAL_LOG_CONTEXT'],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.host': {
    type: 'string',
    default: 'localhost',
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_HOST'],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.port': {
    type: 'int',
    default: 24224,
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_PORT'],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.sslEnabled': {
    type: 'boolean',
    default: false,
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_SSL_ENABLED'],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.connectionTimeout': {
    type: 'duration',
    default: '5s',
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_CONNECTION_TIMEOUT'],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.readTimeout': {
    type: 'duration',
    default: '5s',
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_READ_TIMEOUT'],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.flushAttemptInterval': {
    type: 'duration',
    default: '600ms',
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.waitUntilBufferFlushed': {
    type: 'duration',
    default: '60s',
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.waitUntilTerminated': {
    type: 'duration',
    default: '60s',
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.maxBufferSize': {
    type: 'int',
    default: 67108864,
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.bufferChunkInitialSize': {
    type: 'int',
    default: 1048576,
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.bufferChunkRetentionSize': {
    type: 'int',
    default: 4194304,
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.bufferChunkRetentionTime': {
    type: 'duration',
    default: '1s',
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.jvmHeapBufferMode': {
    type: 'boolean',
    default: false,
    env: [],
    inert: true,
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.fileBackupDir': {
    type: 'string',
    default: '',
    env: [],
    inert: true,
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.senderMaxRetryCount': {
    type: 'int',
    default: 7,
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.senderBaseRetryInterval': {
    type: 'duration',
    default: '400ms',
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.senderMaxRetryInterval': {
    type: 'duration',
    default: '30s',
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.ackResponseMode': {
    type: 'boolean',
    default: false,
    env: [],
  },
  'ditto.connectivity.monitoring.logger.publisher.fluency.waitUntilAllBufferFlushedDurationOnClose': {
    type: 'duration',
    default: '5s',
    env: ['CONNECTIVITY_LOGGER_PUBLISHER_FLUENCY_WAIT_UNTIL_ALL_BUFFER_FLUSHED_DURATION_ON_CLOSE'],
  },
  'ditto.connectivity.default-config-provider': {
    type: 'boolean',
    default: true,
    env: ['CONNECTIVITY_DEFAULT_CONFIG_PROVIDER'],
    inert: true,
  },
  'ditto.connectivity.tunnel.workers': { type: 'int', default: 0, env: [], inert: true },
  'ditto.connectivity.tunnel.heartbeat-interval': { type: 'duration', default: '30s', env: [] },
  'ditto.connectivity.tunnel.idle-timeout': { type: 'duration', default: '0s', env: [] },
  'ditto.connectivity.tunnel.socket-keepalive': { type: 'boolean', default: true, env: [] },
  'pekko-contrib-mongodb-persistence-connection-journal.circuit-breaker.max-failures': {
    type: 'int',
    default: 5,
    env: ['BREAKER_MAXTRIES'],
  },
  'pekko-contrib-mongodb-persistence-connection-journal.circuit-breaker.call-timeout': {
    type: 'duration',
    default: '5s',
    env: ['BREAKER_TIMEOUT'],
  },
  'pekko-contrib-mongodb-persistence-connection-journal.circuit-breaker.reset-timeout': {
    type: 'duration',
    default: '3s',
    env: ['BREAKER_RESET'],
  },
  'pekko-contrib-mongodb-persistence-connection-snapshots.circuit-breaker.max-failures': {
    type: 'int',
    default: 5,
    env: ['SNAPSHOT_BREAKER_MAXTRIES'],
  },
  'pekko-contrib-mongodb-persistence-connection-snapshots.circuit-breaker.call-timeout': {
    type: 'duration',
    default: '10s',
    env: ['SNAPSHOT_BREAKER_TIMEOUT'],
  },
  'pekko-contrib-mongodb-persistence-connection-snapshots.circuit-breaker.reset-timeout': {
    type: 'duration',
    default: '6s',
    env: ['SNAPSHOT_BREAKER_RESET'],
  },
  'ditto.mongodb.uri': { type: 'string', default: '', env: ['MONGO_DB_URI'] },
  'ditto.mongodb.hostname': { type: 'string', default: '', env: ['MONGO_DB_HOSTNAME'] },
  'ditto.mongodb.port': { type: 'int', default: 27017, env: ['MONGO_DB_PORT'] },
  'ditto.mongodb.database': { type: 'string', default: 'connectivity', env: ['MONGO_DB_DATABASE'] },
  'ditto.persistence.operations.delay-after-persistence-actor-shutdown': {
    type: 'duration',
    default: '5s',
    env: ['DELAY_AFTER_PERSISTENCE_ACTOR_SHUTDOWN'],
  },
  'ditto.gateway.http.hostname': { type: 'string', default: '127.0.0.1', env: ['BIND_HOSTNAME'] },
  'ditto.gateway.http.port': { type: 'int', default: 8080, env: ['HTTP_PORT', 'PORT'] },
  'ditto.gateway.http.request-timeout': { type: 'duration', default: '60s', env: ['REQUEST_TIMEOUT'] },
  'ditto.gateway.http.enablecors': { type: 'boolean', default: false, env: ['ENABLE_CORS'], inert: true },
  'ditto.gateway.http.forcehttps': { type: 'boolean', default: false, env: ['FORCE_HTTPS'], inert: true },
  'ditto.gateway.command.default-timeout': { type: 'duration', default: '60s', env: [] },
  'ditto.gateway.command.max-timeout': { type: 'duration', default: '1m', env: [] },
  'ditto.gateway.command.connections-retrieve-limit': { type: 'int', default: 100, env: [] },
  'ditto.gateway.health-check.external.timeout': {
    type: 'duration',
    default: '20s',
    env: ['GATEWAY_STATUS_HEALTH_EXTERNAL_TIMEOUT'],
    inert: true,
  },
  'ditto.gateway.authentication.devops.secured': { type: 'boolean', default: true, env: ['DEVOPS_SECURED'] },
  'ditto.gateway.authentication.devops.devops-authentication-method': {
    type: 'string',
    default: 'basic',
    env: ['DEVOPS_AUTHENTICATION_METHOD'],
  },
  'ditto.gateway.authentication.devops.password': {
    type: 'string',
    default: 'foobar',
    env: ['DEVOPS_PASSWORD'],
  },
  'ditto.gateway.authentication.devops.devops-oauth2-subjects': {
    type: 'list',
    default: [],
    env: ['DEVOPS_OAUTH2_SUBJECTS'],
  },
  'ditto.gateway.authentication.devops.status-secured': {
    type: 'boolean',
    default: true,
    env: ['DEVOPS_STATUS_SECURED'],
  },
  'ditto.gateway.authentication.devops.status-authentication-method': {
    type: 'string',
    default: 'basic',
    env: ['STATUS_AUTHENTICATION_METHOD'],
  },
  'ditto.gateway.authentication.devops.statusPassword': {
    type: 'string',
    default: 'status',
    env: ['STATUS_PASSWORD'],
  },
  'ditto.gateway.authentication.devops.status-oauth2-subjects': {
    type: 'list',
    default: [],
    env: ['STATUS_OAUTH2_SUBJECTS'],
  },
  'ditto.gateway.authentication.devops.oauth.protocol': {
    type: 'string',
    default: 'https',
    env: ['DEVOPS_OAUTH2_PROTOCOL'],
  },
  'ditto.gateway.authentication.devops.oauth.allowed-clock-skew': {
    type: 'duration',
    default: '10s',
    env: ['DEVOPS_OAUTH2_ALLOWED_CLOCK_SKEW'],
  },
  'ditto.gateway.authentication.devops.oauth.openid-connect-issuers': { type: 'group', default: [], env: [] },
  'ditto.cluster.number-of-shards': { type: 'int', default: 20, env: ['CLUSTER_NUMBER_OF_SHARDS'] },
  'ditto.instance-index': { type: 'string', default: '', env: ['INSTANCE_INDEX'] },
  'ditto.limits.messages.max-size': { type: 'int', default: 250000, env: ['LIMITS_MESSAGES_MAX_SIZE'] },
  'ditto.limits.things.max-size': { type: 'int', default: 100000, env: ['LIMITS_THINGS_MAX_SIZE'] },
} as const satisfies Record<string, Setting>;
