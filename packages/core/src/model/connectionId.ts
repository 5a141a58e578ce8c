import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

const CONNECTION_ID = /^[a-zA-Z0-9-_:]{1,100}$/;

export const connectionIdInvalid = (id: string): DittoError =>
  makeError('connectivity:connection.id.invalid', `The Connection ID '${id}' is not valid.`);

export const isConnectionId = (text: string): boolean => CONNECTION_ID.test(text);

/**
 * Returns the id itself when it has the form of one (connectivity/model/.../ConnectionIdPatternValidator.java).
 * @throws DittoError `connectivity:connection.id.invalid`
 */
export function parseConnectionId(text: string): string {
  if (!isConnectionId(text)) throw connectionIdInvalid(text);
  return text;
}
