import { typeNotParsable } from '../errors/baseErrors.ts';
import { type DittoError, isDittoError } from '../errors/dittoError.ts';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseConnectionId } from '../model/connectionId.ts';
import { canonicalInstant } from '../protocol/instant.ts';

/** Told to targets that ask for it when a client has connected or is about to disconnect (connectivity/model/.../announcements/*.java). */
export type ConnectionAnnouncement =
  | {
      readonly type: 'connectivity.announcements:opened';
      readonly connectionId: string;
      /** ISO-8601. */
      readonly openedAt: string;
    }
  | {
      readonly type: 'connectivity.announcements:closed';
      readonly connectionId: string;
      /** ISO-8601. */
      readonly closedAt: string;
    };

/** @throws DittoError `json.type.notparsable`, `json.field.missing`, `json.invalid` */
export function parseConnectionAnnouncement(json: JsonObject): ConnectionAnnouncement {
  const type = requiredString(json, 'type');
  switch (type) {
    case 'connectivity.announcements:opened':
      return { type, connectionId: id(json), openedAt: instant(json, 'openedAt', 'Opened') };
    case 'connectivity.announcements:closed':
      return { type, connectionId: id(json), closedAt: instant(json, 'closedAt', 'Closed') };
    default:
      throw typeNotParsable(type, 'GlobalAnnouncementRegistry');
  }
}

export const connectionAnnouncementToJson = (announcement: ConnectionAnnouncement): JsonObject => ({
  ...announcement,
});

function id(json: JsonObject): string {
  const text = requiredString(json, 'connectionId');
  try {
    return parseConnectionId(text);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw undeserializable(
      'connectionId',
      'org.eclipse.ditto.connectivity.model.ConnectionId',
      error.message,
    );
  }
}

const undeserializable = (field: string, javaType: string, why: string, description?: string): DittoError =>
  jsonInvalid(`Failed to deserialize field </${field}> as ${javaType}: ${why}`, description);

function instant(json: JsonObject, field: string, what: string): string {
  const text = requiredString(json, field);
  try {
    return canonicalInstant(text);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw undeserializable(
      field,
      'java.time.Instant',
      error.message,
      `${what} timestamp must be provided as ISO-8601 formatted char sequence.`,
    );
  }
}
