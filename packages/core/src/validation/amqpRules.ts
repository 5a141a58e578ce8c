import type { Connection } from '../model/connection.ts';
import { parseConnectionUri } from '../model/connectionUri.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { checkEnforcement, checkExtraFields, checkHeaderMapping, checkTemplate } from './templateRules.ts';
import { checkScheme } from './uriRules.ts';

/**
 * AMQP 0.9.1 and 1.0 (connectivity/service/.../messaging/amqp/AmqpValidator.java, .../rabbitmq/RabbitMQValidator.java).
 * @throws DittoError
 */
export function checkAmqp(connection: Connection): void {
  const protocolName = connection.connectionType === 'amqp-10' ? 'AMQP 1.0' : 'AMQP 0.9.1';
  const rule = { accepted: ['amqp', 'amqps'], secure: 'amqps', protocolName };
  checkScheme(connection, parseConnectionUri(connection.uri), rule);
  for (const { enforcement, headerMapping } of connection.sources) {
    if (enforcement !== undefined) checkEnforcement(enforcement);
    checkHeaderMapping(headerMapping);
  }
  for (const target of connection.targets) {
    checkHeaderMapping(target.headerMapping);
    checkTemplate(target.address);
    checkExtraFields(target);
  }
}

/**
 * What only the making of a client for AMQP 0.9.1 finds (.../rabbitmq/RabbitMQTarget.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkExchangeAndRoutingKey({ targets }: Connection): void {
  for (const { address } of targets) {
    if (/^[^/]*\/[^/]+$/.test(address)) continue;
    throw configurationInvalid(
      `The target address '${address}' must be specified in the format 'exchange/routingKey'.`,
    );
  }
}
