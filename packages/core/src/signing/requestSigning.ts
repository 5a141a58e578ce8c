import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import type { HmacCredentials } from '../model/credentials.ts';
import { compileAwsSigner } from './awsSigning.ts';
import { compileAzMonitorSigner, compileSasToken } from './azureSigning.ts';
import type { RequestSigner } from './requestSigner.ts';

/**
 * The signing process of HTTP push credentials; parameters are checked once, keys derived as rarely as can be (spec 04, 7.1).
 *
 * @throws DittoError `json.field.missing`, `json.invalid`, `connectivity:message.sending.failed`
 */
export function compileRequestSigner(credentials: HmacCredentials): RequestSigner {
  switch (credentials.algorithm) {
    case 'aws4-hmac-sha256':
      return compileAwsSigner(credentials.parameters);
    case 'az-monitor-2016-04-01':
      return compileAzMonitorSigner(credentials.parameters);
    case 'az-sasl': {
      const { tokenAt } = compileSasToken(credentials.parameters);
      return (_, now) => ({ addedHeaders: {}, authorization: tokenAt(now) });
    }
    default:
      throw unsupported(credentials.algorithm);
  }
}

/** User name and password of AMQP 1.0, signed at a time; made anew for each connect. */
export type SaslCredentials = (now: number) => { readonly username: string; readonly password: string };

/** @throws DittoError for other algorithms than `az-sasl` and for wrong parameters */
export function compileSaslCredentials(credentials: HmacCredentials): SaslCredentials {
  if (credentials.algorithm !== 'az-sasl') throw unsupported(credentials.algorithm);
  const { username, tokenAt } = compileSasToken(credentials.parameters);
  return (now) => ({ username, password: tokenAt(now) });
}

const unsupported = (algorithm: string): DittoError =>
  makeError('connectivity:connection.configuration.invalid', `Unsupported HMAC algorithm: ${algorithm}`);
