import { type Connection, responseTypes, type Target } from '../model/connection.ts';
import { isConnectionId, parseConnectionId } from '../model/connectionId.ts';
import { isBlank } from '../model/connectionUri.ts';
import { formatFilteredTopic } from '../model/filteredTopic.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { javaHashOrder } from './javaHashOrder.ts';

const DIVERT_TO = 'divert-response-to-connection';
const DIVERT_TYPES = 'divert-expected-response-types';

/**
 * Diversion of responses from one connection to another (connectivity/service/.../validation/ResponseDiversionValidator.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`, `connectivity:connection.id.invalid`
 */
export function checkResponseDiversion(connection: Connection): void {
  if (isSet(connection, 'is-diversion-source')) checkResponseTypes(connection);
  checkDivertedTo(connection);
  if (!isSet(connection, 'is-diversion-target')) return;
  for (const id of items(connection.specificConfig['authorized-connections-as-sources'] ?? ''))
    parseConnectionId(id);
  const target = connection.targets.find(({ topics }) => topics.length > 0);
  if (target !== undefined)
    throw configurationInvalid(
      `Connection ${connection.id} has topics configured in target ${printTarget(target)} but isDiversionTarget is true. When isDiversionTarget is true, no topics must be configured in targets.`,
    );
}

const isSet = ({ specificConfig }: Connection, key: string): boolean =>
  specificConfig[key]?.toLowerCase() === 'true';

/** Java's `split(",")`, each item trimmed; blank text has none, and empty items at the end do not count. */
function items(text: string): readonly string[] {
  if (isBlank(text)) return [];
  const parts = text.split(',');
  while (parts.at(-1) === '') parts.pop();
  return parts.map((part) => part.trim());
}

function checkResponseTypes({ sources }: Connection): void {
  for (const { headerMapping } of sources) {
    const unknown = items(headerMapping[DIVERT_TYPES] ?? '').find(
      (type) => type !== '' && !(responseTypes as readonly string[]).includes(type),
    );
    if (unknown !== undefined)
      throw configurationInvalid(
        `Invalid response type in <${DIVERT_TYPES}>: ${unknown}. Valid types are: response, error, nack`,
      );
  }
}

function checkDivertedTo({ id, sources }: Connection): void {
  for (const { headerMapping } of sources) {
    const other = Object.hasOwn(headerMapping, DIVERT_TO) ? headerMapping[DIVERT_TO] : undefined;
    if (other === undefined) continue;
    if (isBlank(other)) throw configurationInvalid(`The ${DIVERT_TO} in headerMapping must not be empty`);
    if (!isConnectionId(other))
      throw configurationInvalid(`Invalid target connection ID format in ${DIVERT_TO}: ${other}`);
    if (other === id)
      throw configurationInvalid(
        `It is pointless to divert responses to the originating connection, it will receive the responses by default. Remove the ${DIVERT_TO} from the headerMapping of connection: ${id}`,
      );
  }
}

/** A target as Ditto's `toString` prints it. */
function printTarget(target: Target): string {
  const { address, authorizationContext, headerMapping, payloadMapping } = target;
  const mapping = javaHashOrder(Object.keys(headerMapping)).map((key) => `${key}=${headerMapping[key]}`);
  const parts = [
    `address=${address}`,
    `topics=[${target.topics.map(formatFilteredTopic).join(', ')}]`,
    `qos=${target.qos ?? 'null'}`,
    `authorizationContext=ImmutableAuthorizationContext [type=pre-authenticated-connection, authorizationSubjects=[${authorizationContext.join(', ')}]]`,
    `originalAddress=${address}`,
    `issuedAcknowledgementLabel=${target.issuedAcknowledgementLabel ?? 'null'}`,
    `headerMapping=ImmutableHeaderMapping [mapping={${mapping.join(', ')}}]`,
    `payloadMapping=ImmutablePayloadMapping [mappings=[${payloadMapping.join(', ')}]]`,
  ];
  return `ImmutableTarget [${parts.join(', ')}]`;
}
