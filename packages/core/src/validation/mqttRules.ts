import type { Connection, HeaderMapping, Source, Target } from '../model/connection.ts';
import { parseConnectionUri } from '../model/connectionUri.ts';
import type { Placeholder } from '../placeholders/placeholder.ts';
import { headerPlaceholder, headersPlaceholderOf } from '../placeholders/placeholders.ts';
import { configurationInvalid, messageNumber } from './configurationInvalid.ts';
import { checkMqttEnforcement } from './mqttEnforcement.ts';
import { mqttTopicFault, mqttTopicFilterFault } from './mqttTopic.ts';
import { checkExtraFields, checkTemplate } from './templateRules.ts';
import { checkScheme } from './uriRules.ts';

const SCHEMES = { accepted: ['tcp', 'ssl'], secure: 'ssl' };

/**
 * MQTT 3.1.1, which knows no headers and no shared load (connectivity/service/.../messaging/mqtt/Mqtt3Validator.java).
 * @throws DittoError
 */
export function checkMqtt3(connection: Connection): void {
  checkScheme(connection, parseConnectionUri(connection.uri), { ...SCHEMES, protocolName: 'MQTT 3.1.1' });
  if (connection.clientCount > 1)
    throw configurationInvalid(
      'Client count limited to 1 for MQTT 3.1.1 connections.',
      'MQTT 3.1.1 does not support load-balancing; starting more than 1 client will only result in duplicate incoming messages.',
    );
  checkAddresses(connection);
  for (const source of connection.sources) checkMqtt3Source(connection.id, source);
  for (const target of connection.targets) {
    checkTarget(connection.id, target);
    checkPublishedHeaders(target.headerMapping);
  }
}

/**
 * MQTT 5, whose header mappings are not looked at (connectivity/service/.../messaging/mqtt/Mqtt5Validator.java).
 * @throws DittoError
 */
export function checkMqtt5(connection: Connection): void {
  checkScheme(connection, parseConnectionUri(connection.uri), { ...SCHEMES, protocolName: 'MQTT 5' });
  checkAddresses(connection);
  for (const source of connection.sources) checkSource(connection.id, source, 'mqtt-5');
  for (const target of connection.targets) checkTarget(connection.id, target);
}

function checkAddresses({ sources, targets }: Connection): void {
  const check = (address: string, fault: string | undefined): void => {
    if (fault !== undefined)
      throw configurationInvalid(`The provided topic '${address}' is not valid: ${fault}`);
  };
  for (const { addresses } of sources)
    for (const address of addresses) check(address, mqttTopicFilterFault(address));
  for (const { address } of targets) check(address, mqttTopicFault(address));
}

function checkSource(id: string, { index, qos, enforcement }: Source, type: 'mqtt' | 'mqtt-5'): void {
  const place = `Source of index ${messageNumber(index)} of connection '${id}'`;
  checkQos('Source', place, qos);
  if (enforcement !== undefined) checkMqttEnforcement(enforcement, place, type);
}

function checkMqtt3Source(id: string, source: Source): void {
  checkSource(id, source, 'mqtt');
  checkConsumedHeaders(source.headerMapping);
  checkPublishedHeaders(source.replyTarget?.headerMapping ?? {});
  if (source.consumerCount > 1)
    throw configurationInvalid('Consumer count limited to 1 for MQTT 3.1.1 connections.');
}

function checkTarget(id: string, target: Target): void {
  checkQos('Target', `Target of address '${target.address}' of connection '${id}'`, target.qos);
  checkTemplate(target.address);
  checkExtraFields(target);
}

function checkQos(kind: 'Source' | 'Target', place: string, qos: number | undefined): void {
  if (qos === undefined) throw configurationInvalid(`MQTT ${kind} <${place}> must contain QoS value.`);
  if (qos < 0 || qos > 2)
    throw configurationInvalid(`Invalid value '${messageNumber(qos)}' for configuration 'qos' in ${place}`);
}

/** Properties of a message of MQTT 3.1.1 that stand for headers. */
const PROPERTIES: readonly string[] = ['mqtt.topic', 'mqtt.qos', 'mqtt.retain'];
const CONSUMED: readonly Placeholder[] = [headersPlaceholderOf(PROPERTIES)];
const PUBLISHED: readonly Placeholder[] = [headerPlaceholder];

function checkConsumedHeaders(mapping: HeaderMapping): void {
  for (const template of Object.values(mapping)) checkTemplate(template, CONSUMED);
}

function checkPublishedHeaders(mapping: HeaderMapping): void {
  for (const [name, template] of Object.entries(mapping)) {
    if (!PROPERTIES.includes(name))
      throw configurationInvalid(
        `The header '${name}' is not allowed in MQTT 3.1.1 target header mapping.`,
        `The following headers are allowed and are directly applied to the published MQTT message: [${PROPERTIES.join(', ')}]`,
      );
    checkTemplate(template, PUBLISHED);
  }
}
