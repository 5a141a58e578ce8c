import { makeError } from '../errors/makeError.ts';
import type { Connection } from '../model/connection.ts';
import { checkAckLabel } from '../protocol/ackLabel.ts';
import { parseRql } from '../rql/parseRql.ts';
import { topicFilterPlaceholders } from '../rql/topicFilterPlaceholders.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { resolveConnectionId } from './templateRules.ts';
import type { ValidationConfig } from './validationConfig.ts';

/*
 * Rules for connections of every type (connectivity/service/.../validation/ConnectionValidator.java).
 */

export function checkCounts({ id, sources, targets }: Connection, config: ValidationConfig): void {
  const message = 'The number of configured sources or targets within a connection exceeded.';
  const { maxSources, maxTargets } = config;
  if (sources.length > maxSources)
    throw configurationInvalid(
      message,
      `The number of configured sources for connection: ${id} is above the limit of ${maxSources}.`,
    );
  if (targets.length > maxTargets)
    throw configurationInvalid(
      message,
      `The number of configured targets for connection: ${id} is above the limit of ${maxTargets}.`,
    );
}

/** @throws DittoError `connectivity:connection.configuration.invalid`, `rql.expression.invalid` */
export function checkAddressesAndFilters({ id, sources, targets }: Connection): void {
  for (const { addresses, index } of sources) {
    if (addresses.length === 0 || addresses.includes(''))
      throw configurationInvalid(`Source ${index} of connection <${id}>: addresses may not be empty.`);
  }
  for (const { address, topics } of targets) {
    if (address === '')
      throw configurationInvalid(`Targets of connection <${id}>: addresses may not be empty.`);
    for (const { filter } of topics) {
      if (filter !== undefined) parseRql(filter, { placeholders: topicFilterPlaceholders });
    }
  }
}

export function checkMapperCounts({ sources, targets }: Connection, config: ValidationConfig): void {
  const check = (kind: string, address: string, count: number, limit: number): void => {
    if (count <= limit) return;
    throw configurationInvalid(
      'The number of configured payload mappings exceeded the limit.',
      `The number of configured payload mappings for the ${kind} with address ${address} is above the limit of ${limit}.`,
    );
  };
  for (const { addresses, payloadMapping } of sources)
    check('source', addresses.join(','), payloadMapping.length, config.maxSourceMappers);
  for (const { address, payloadMapping } of targets)
    check('target', address, payloadMapping.length, config.maxTargetMappers);
}

/** A label that any target may issue without declaring it (base/model/.../acks/DittoAcknowledgementLabel.java). */
const LIVE_RESPONSE = 'live-response';

const declaredLabels = ({ id, sources }: Connection): readonly string[] =>
  resolveLabels(
    sources.flatMap(({ declaredAcks }) => declaredAcks),
    id,
  );

function issuedLabels({ id, targets }: Connection): readonly string[] {
  const labels = targets.flatMap(({ issuedAcknowledgementLabel: label }) =>
    label === undefined ? [] : [label],
  );
  return resolveLabels(labels, id).filter((label) => label !== LIVE_RESPONSE);
}

function resolveLabels(labels: readonly string[], id: string): readonly string[] {
  return labels.flatMap((label) => {
    const resolved = resolveConnectionId(label, id);
    return resolved === undefined ? [] : [checkAckLabel(resolved)];
  });
}

/** Returns the labels to declare. @throws DittoError `acknowledgement:*` */
export function checkAckLabels(connection: Connection): readonly string[] {
  const { id } = connection;
  const declared = declaredLabels(connection);
  const issued = issuedLabels(connection);
  const labels = [...declared, ...issued];
  const foreign = labels.find((label) => !label.startsWith(`${id}:`));
  if (foreign !== undefined)
    throw makeError('acknowledgement:label.invalid', `Acknowledgement label <${foreign}> is invalid.`, {
      description: `Declared acknowledgement labels of a connection must have the form ${id}:<alphanumeric-suffix>`,
    });
  if (new Set(issued).size < issued.length)
    throw makeError(
      'acknowledgement:label.not.unique',
      'An issued acknowledgement label may only be used for one target of the connection.',
      {
        description: 'Please choose unique suffixes for your configured issued acknowledgement labels.',
      },
    );
  return labels;
}
