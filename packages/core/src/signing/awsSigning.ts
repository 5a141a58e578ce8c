import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import { optionalArray, optionalBoolean, optionalString, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { hmacSha256 } from './hmacKey.ts';
import type { RequestSigner, SignableRequest } from './requestSigner.ts';
import { decodePercent, encodeAllButUnreserved, encodePathSegment } from './uriEncoding.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CONTENT_HASH = 'x-amz-content-sha256';

/** AWS Signature Version 4 (connectivity/service/.../httppush/AwsRequestSigning.java). @throws DittoError */
export function compileAwsSigner(parameters: JsonObject): RequestSigner {
  const region = requiredString(parameters, 'region');
  const service = requiredString(parameters, 'service');
  const accessKey = requiredString(parameters, 'accessKey');
  const secretKey = requiredString(parameters, 'secretKey');
  const doubleEncode = optionalBoolean(parameters, 'doubleEncode') ?? true;
  const configured = optionalArray(parameters, 'canonicalHeaders')?.map(asString) ?? ['host'];
  const hashing = contentHashing(optionalString(parameters, 'xAmzContentSha256') ?? 'EXCLUDED');
  const names = headerNames(hashing === 'EXCLUDED' ? configured : [...configured, CONTENT_HASH]);
  const signedHeaders = names.join(';');

  return (request, now) => {
    const date = amzDate(now);
    const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
    const payloadHash = hashing === 'UNSIGNED' ? 'UNSIGNED-PAYLOAD' : sha256(request.body);
    const canonicalRequest = [
      request.method,
      doubleEncode ? normalizedPath(request.path) : request.path || '/',
      canonicalQuery(request.query),
      names.map((name) => canonicalHeader(name, request, date, payloadHash)).join(''),
      signedHeaders,
      payloadHash,
    ].join('\n');
    const textToSign = [ALGORITHM, date, scope, sha256(canonicalRequest)].join('\n');
    const key = [date.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer | Uint8Array>(
      (previous, part) => hmacSha256(previous, part),
      new TextEncoder().encode(`AWS4${secretKey}`),
    );
    const signature = hmacSha256(key, textToSign).toString('hex');
    return {
      addedHeaders: {
        'x-amz-date': date,
        ...(hashing === 'EXCLUDED' ? {} : { [CONTENT_HASH]: payloadHash }),
      },
      // AWS does not take the quotes that RFC 7235 allows here
      authorization: `${ALGORITHM} Credential=${accessKey}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    };
  };
}

function contentHashing(text: string): string {
  const option = text.toUpperCase();
  if (option === 'INCLUDED' || option === 'EXCLUDED' || option === 'UNSIGNED') return option;
  throw jsonInvalid(
    "The HMAC credentials parameter 'xAmzContentSha256' must have one of the following as value: 'INCLUDED', 'EXCLUDED', 'UNSIGNED'.",
  );
}

function asString(value: unknown): string {
  if (typeof value === 'string') return value;
  throw unspecificError('UnsupportedOperationException', 'This JSON value is not a string');
}

/** Lower case, without blanks and doubles, sorted. */
function headerNames(names: readonly string[]): readonly string[] {
  const given = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  return [...new Set(given)].sort();
}

function canonicalHeader(name: string, request: SignableRequest, date: string, payloadHash: string): string {
  switch (name) {
    case 'host':
      return `host:${request.url.hostname}\n`;
    case 'content-type':
      return `content-type:${canonicalContentType(request.contentType)}\n`;
    case 'x-amz-date':
      return `x-amz-date:${date}\n`;
    case CONTENT_HASH:
      return `${CONTENT_HASH}:${payloadHash}\n`;
    default: {
      const values = Object.entries(request.headers)
        .filter(([key]) => key.toLowerCase() === name)
        .map(([, value]) => value.trim().replace(/\s+/g, ' '));
      return `${name}:${values.join(',')}\n`;
    }
  }
}

/** `type/subtype` and its parameters, the charset last. */
function canonicalContentType(contentType: string): string {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const isCharset = (parameter: string): boolean => parameter.toLowerCase().startsWith('charset=');
  const charset = parameters.find(isCharset)?.slice('charset='.length).replaceAll('"', '').toUpperCase();
  const others = parameters.filter((parameter) => parameter !== '' && !isCharset(parameter));
  return [type, ...others, ...(charset === undefined ? [] : [`charset=${charset}`])].join('; ');
}

/** Every segment encoded twice, as all services but S3 demand; empty ones vanish. */
function normalizedPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return '/';
  const encoded = segments.map((segment) => encodePathSegment(encodePathSegment(decodePercent(segment))));
  return `/${encoded.join('/')}${path.endsWith('/') ? '/' : ''}`;
}

/** Sorted by name and value; an equals sign in a value is encoded twice. */
function canonicalQuery(query: string | undefined): string {
  if (query === undefined || query === '') return '';
  const byName = new Map<string, string[]>();
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    const name = decodeForm(equals < 0 ? parameter : parameter.slice(0, equals));
    const value = equals < 0 ? '' : decodeForm(parameter.slice(equals + 1));
    byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return [...byName.keys()]
    .sort()
    .flatMap((name) =>
      (byName.get(name) ?? [])
        .sort()
        .map(
          (value) =>
            `${encodeAllButUnreserved(name)}=${encodeAllButUnreserved(value.replaceAll('=', '%3D'))}`,
        ),
    )
    .join('&');
}

const decodeForm = (text: string): string => decodePercent(text.replaceAll('+', ' '));

/** `yyyyMMdd'T'HHmmss'Z'`. */
const amzDate = (now: number): string =>
  new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');
