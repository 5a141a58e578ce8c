import { jsonFormatInvalid } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import type { Connection } from '../model/connection.ts';
import type { ConnectionUri } from '../model/connectionUri.ts';

export interface SchemeRule {
  readonly accepted: readonly string[];
  readonly secure: string;
  /** As messages name the protocol. */
  readonly protocolName: string;
}

/** @throws DittoError `connectivity:connection.uri.invalid` (AbstractProtocolValidator.java, `validateUriScheme`) */
export function checkScheme({ ca }: Connection, { protocol }: ConnectionUri, rule: SchemeRule): void {
  // Ditto fails here with a NullPointerException, for want of a scheme.
  if (protocol === undefined) throw jsonFormatInvalid('The scheme of the URI must not be null!');
  if (!rule.accepted.includes(protocol))
    throw makeError(
      'connectivity:connection.uri.invalid',
      `The URI scheme '${protocol}' is not valid for ${rule.protocolName}.`,
      { description: `Accepted URI schemes are: ${rule.accepted.join(', ')}` },
    );
  if (ca !== undefined && protocol !== rule.secure)
    throw makeError(
      'connectivity:connection.uri.invalid',
      'The connection has trusted certificates configured but uses an insecure protocol.',
      {
        description: `Either switch to a secure protocol ([${rule.secure}]) or remove the trusted certificates.`,
      },
    );
}
