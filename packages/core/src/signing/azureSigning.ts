import { optionalString, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseTimeoutMs } from '../protocol/timeout.ts';
import { hmacSha256, sharedKeyOf } from './hmacKey.ts';
import type { RequestSigner } from './requestSigner.ts';
import { encodeAllButUnreserved } from './uriEncoding.ts';

/** Azure Monitor Data Collector (connectivity/service/.../httppush/AzMonitorRequestSigning.java). @throws DittoError */
export function compileAzMonitorSigner(parameters: JsonObject): RequestSigner {
  const workspaceId = requiredString(parameters, 'workspaceId');
  const key = sharedKeyOf(
    requiredString(parameters, 'sharedKey'),
    'Failed to sign HTTP request to Azure Monitor.',
  );
  return (request, now) => {
    const date = new Date(now).toUTCString();
    const text = [
      request.method,
      request.body.length,
      request.contentType,
      `x-ms-date:${date}`,
      request.path,
    ];
    const signature = hmacSha256(key, text.join('\n')).toString('base64');
    return { addedHeaders: { 'x-ms-date': date }, authorization: `SharedKey ${workspaceId}:${signature}` };
  };
}

export interface SasToken {
  /** User name of AMQP 1.0. */
  readonly username: string;
  /** The whole credential, scheme included, valid from `now` (ms) for the configured time. */
  tokenAt(now: number): string;
}

const DEFAULT_TTL = '7d';
const IOT_HUB_SUFFIX = '.azure-devices.net';

/** Azure SASL (connectivity/service/.../messaging/AzSaslRequestSigning.java). @throws DittoError */
export function compileSasToken(parameters: JsonObject): SasToken {
  const keyName = requiredString(parameters, 'sharedKeyName');
  const keyText = requiredString(parameters, 'sharedKey');
  const endpoint = requiredString(parameters, 'endpoint');
  const ttlMs = parseTimeoutMs(optionalString(parameters, 'ttl') ?? DEFAULT_TTL);
  const key = sharedKeyOf(keyText, 'Failed to initiate Azure SASL signing algorithm.');
  const resource = encodeAllButUnreserved(endpoint);
  const hub = endpoint.endsWith(IOT_HUB_SUFFIX) ? endpoint.slice(0, -IOT_HUB_SUFFIX.length) : endpoint;
  return {
    username: `${keyName}@sas.root.${hub}`,
    tokenAt(now) {
      const expiry = Math.floor((now + ttlMs) / 1000);
      const signature = hmacSha256(key, `${resource}\n${expiry}`).toString('base64');
      return `SharedAccessSignature sr=${resource}&sig=${encodeAllButUnreserved(signature)}&se=${expiry}&skn=${keyName}`;
    },
  };
}
