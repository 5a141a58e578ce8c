import type { Connection, ConnectionType } from '../model/connection.ts';
import { parseConnectionUri } from '../model/connectionUri.ts';
import { checkAmqp, checkExchangeAndRoutingKey } from './amqpRules.ts';
import { checkCertificates } from './certificateRules.ts';
import { checkStrictly } from './connectionHosts.ts';
import { checkCredentials, checkTokenEndpointSecurity } from './credentialsRules.ts';
import { checkResponseDiversion } from './diversionRules.ts';
import { checkAckLabels, checkAddressesAndFilters, checkCounts, checkMapperCounts } from './generalRules.ts';
import { checkHono } from './honoRules.ts';
import { checkHost, type HostLookup, noLookup } from './hostPolicy.ts';
import { checkHttpPush, checkHttpPushConfig } from './httpPushRules.ts';
import { checkKafka, checkKafkaConfig } from './kafkaRules.ts';
import { checkMappers } from './mapperRules.ts';
import { checkMqttConfig } from './mqttConfig.ts';
import { checkMqtt3, checkMqtt5 } from './mqttRules.ts';
import { checkSshTunnel } from './sshTunnelRules.ts';
import { defaultValidationConfig, type ValidationConfig } from './validationConfig.ts';

/**
 * Decides whether the service accepts a connection that could be parsed, the first broken rule winning
 * (connectivity/service/.../messaging/validation/ConnectionValidator.java). Needs to be asked again when one is opened.
 *
 * @returns the acknowledgement labels that the connection has to declare
 * @throws DittoError
 */
export function validateConnection(
  connection: Connection,
  config: ValidationConfig = defaultValidationConfig,
  lookup: HostLookup = noLookup,
): readonly string[] {
  checkCounts(connection, config);
  checkAddressesAndFilters(connection);
  checkMapperCounts(connection, config);
  const labels = checkAckLabels(connection);
  checkCertificates(connection);
  checkStrictly(connection, config, lookup);
  if (connection.connectionType !== 'hono')
    checkHost(config.hosts, parseConnectionUri(connection.uri).hostname, lookup);
  checkSshTunnel(connection, config, lookup);
  checkCredentials(connection, config, lookup);
  checkResponseDiversion(connection);
  const [checkItems, checkRest] = RULES[connection.connectionType];
  checkItems(connection, config);
  checkMappers(connection, config);
  checkRest?.(connection, config);
  return labels;
}

type Rule = (connection: Connection, config: ValidationConfig) => void;

function checkHttpPushRest(connection: Connection, config: ValidationConfig): void {
  checkTokenEndpointSecurity(connection, config);
  checkHttpPushConfig(connection);
}

/** What goes before and after the payload mappings. */
const RULES: Readonly<Record<ConnectionType, readonly [Rule, Rule?]>> = {
  'amqp-091': [checkAmqp],
  'amqp-10': [checkAmqp],
  mqtt: [checkMqtt3, checkMqttConfig],
  'mqtt-5': [checkMqtt5, checkMqttConfig],
  'http-push': [checkHttpPush, checkHttpPushRest],
  kafka: [checkKafka, checkKafkaConfig],
  hono: [checkHono],
};

/**
 * What Ditto finds only when it makes a client, as it does on trial for connections that are created, modified or tested.
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkClientConfiguration(connection: Connection): void {
  if (connection.connectionType === 'amqp-091') checkExchangeAndRoutingKey(connection);
}
