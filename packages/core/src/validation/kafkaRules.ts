import { RE2JS } from 're2js';
import type { Connection, Source } from '../model/connection.ts';
import { type ConnectionUri, parseConnectionUri } from '../model/connectionUri.ts';
import { alone } from '../placeholders/placeholder.ts';
import { connectionPlaceholder } from '../placeholders/placeholders.ts';
import { compileTemplate } from '../placeholders/template.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { checkKafkaTarget, checkKafkaTopic } from './kafkaAddress.ts';
import { checkEnforcement, checkExtraFields, checkHeaderMapping } from './templateRules.ts';
import { checkScheme } from './uriRules.ts';

/**
 * Kafka (connectivity/service/.../messaging/kafka/KafkaValidator.java).
 * @throws DittoError
 */
export function checkKafka(connection: Connection): void {
  const rule = { accepted: ['tcp', 'ssl'], secure: 'ssl', protocolName: 'Kafka 2.1.1' };
  checkScheme(connection, parseConnectionUri(connection.uri), rule);
  for (const source of connection.sources) checkSource(source);
  for (const target of connection.targets) {
    checkKafkaTarget(target.address);
    checkHeaderMapping(target.headerMapping);
    checkExtraFields(target);
  }
}

function checkSource({ enforcement, headerMapping, addresses, qos }: Source): void {
  if (enforcement !== undefined) checkEnforcement(enforcement);
  checkHeaderMapping(headerMapping);
  for (const address of addresses) checkKafkaTopic(address);
  if (qos !== undefined && qos !== 0 && qos !== 1)
    throw configurationInvalid(
      `Invalid 'qos' value for Kafka source, supported are: <0> or <1>. Configured 'qos' value was: <${qos}>`,
    );
}

/** @throws DittoError `connectivity:connection.configuration.invalid`, `placeholder:*` */
export function checkKafkaConfig({ id, uri, sources, specificConfig }: Connection): void {
  checkSaslMechanism(parseConnectionUri(uri), specificConfig['saslMechanism'] ?? 'PLAIN');
  checkBootstrapServers(specificConfig['bootstrapServers']);
  if (sources.length === 0) return;
  const { groupId, consumerOffsetReset } = specificConfig;
  if (groupId !== undefined) checkGroupId(groupId, id);
  if (consumerOffsetReset !== undefined) checkOffsetReset(consumerOffsetReset);
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256'];

function checkSaslMechanism({ userName }: ConnectionUri, mechanism: string): void {
  if (userName === undefined || MECHANISMS.includes(mechanism.toUpperCase())) return;
  throw configurationInvalid(
    `The connection configuration contains an invalid value for SASL mechanisms: <${mechanism}>. Allowed mechanisms are: <[${MECHANISMS.join(', ')}]>`,
  );
}

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const PORT = '(?:[1-9]|[1-5]?[0-9]{2,4}|6[1-4][0-9]{3}|65[1-4][0-9]{2}|655[1-2][0-9]|6553[1-5])';
/** Ditto's pattern; entries need not even be separated. */
const SERVERS = RE2JS.compile(`(?:${LABEL}(?:\\.${LABEL})*\\.?:${PORT}[ \\t\\n\\x0b\\f\\r,]*)+`);

function checkBootstrapServers(servers: string | undefined): void {
  if (servers !== undefined && SERVERS.matches(servers) && !/,[\0- ]*$/.test(servers)) return;
  throw configurationInvalid(`The provided list of bootstrap servers '${servers ?? 'null'}' is not valid`);
}

function checkGroupId(template: string, connectionId: string): void {
  const groupId = compileTemplate(template, alone(connectionPlaceholder)).require({ connectionId });
  if (!/^[a-zA-Z0-9._-]+$/.test(groupId))
    throw configurationInvalid(
      'The connection configuration contains an invalid value for the consumer group ID. Allowed Characters are: <[a-zA-Z0-9\\._\\-]>',
    );
}

function checkOffsetReset(reset: string): void {
  if (!['earliest', 'latest'].includes(reset.toLowerCase()))
    throw configurationInvalid(
      'The connection configuration contains an invalid value for the consumer offset reset. Allowed values are: <[earliest, latest]>',
    );
}
