import { encodeBase64Bytes } from '../base64.ts';
import { makeError } from '../errors/makeError.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { CompiledTemplate } from '../placeholders/template.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { httpStatus } from '../protocol/adaptable.ts';
import { put, validateHeaders } from '../protocol/dittoHeaders.ts';
import { validateStatusCode } from '../protocol/headerValidators.ts';
import { formatPointer, parsePointer } from '../protocol/pointer.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { checkThingId } from '../signals/entityId.ts';
import { messageTopic } from '../signals/messages.ts';
import { DITTO_PROTOCOL, mediaTypeOf, payloadKindOf } from './contentType.ts';
import { adaptableFromPayload, unwrappedJson } from './dittoMapper.ts';

/** A message command, or a response when there is a status; only its content type is kept as a header. @throws DittoError */
export function fromRawMessage(
  message: ExternalMessage,
  context: PlaceholderContext,
  templates: ReadonlyMap<string, CompiledTemplate>,
): Adaptable {
  const contentType = templates.get('content-type')?.first(context);
  if (contentType === undefined) throw contentTypeUnresolved();
  if (mediaTypeOf(contentType) === DITTO_PROTOCOL) return adaptableFromPayload(message);
  const headers = resolveHeaders(templates, context);
  const direction = mandatory(headers, 'ditto-message-direction');
  const subject = mandatory(headers, 'ditto-message-subject');
  const thingId = mandatory(headers, 'ditto-message-thing-id');
  if (subject === '') throw unspecificError('IllegalArgumentException', 'Message subject may not be empty!');
  checkThingId(thingId);
  if (direction !== 'TO' && direction !== 'FROM')
    throw unspecificError('IllegalArgumentException', 'Message direction must be one of: <FROM>, <TO>!');
  validate(headers);
  const featureId = headers['ditto-message-feature-id'];
  const { status } = headers;
  const value = payloadValue(message, contentType);
  return {
    topic: messageTopic(thingId, subject),
    headers: { 'content-type': contentType },
    path: formatPointer([
      ...(featureId === undefined ? [] : ['features', featureId]),
      direction === 'TO' ? 'inbox' : 'outbox',
      'messages',
      ...parsePointer(subject),
    ]),
    value,
    status: status === undefined ? undefined : httpStatus(Number(status)),
  };
}

const contentTypeUnresolved = () =>
  makeError(
    'messages:messageformat.invalid',
    'The RawMessage mapper failed to resolve content-type of an incoming message.',
    {
      description:
        "Please ensure that 'content-type' is defined and resolvable in the mapper configuration 'incomingMessageHeaders'.",
    },
  );

function resolveHeaders(
  templates: ReadonlyMap<string, CompiledTemplate>,
  context: PlaceholderContext,
): DittoHeaders {
  const headers: Record<string, string> = {};
  for (const [name, template] of templates) {
    const value = template.first(context);
    if (value !== undefined) put(headers, name, value);
  }
  return headers;
}

function mandatory(headers: DittoHeaders, name: string): string {
  const value = headers[name];
  if (value !== undefined) return value;
  throw unspecificError(
    'IllegalArgumentException',
    `The headers did not contain a value for mandatory header with key <${name}>!`,
  );
}

/** @throws DittoError `header.invalid`, `timeout.invalid` */
function validate(headers: DittoHeaders): void {
  validateHeaders(headers);
  const { status } = headers;
  if (status !== undefined) validateStatusCode('status', status);
}

function payloadValue(message: ExternalMessage, contentType: string): JsonValue | undefined {
  const kind = payloadKindOf(contentType);
  // A text may have to be decoded first: not asked for where the bytes are wanted.
  const { bytes } = message;
  if (kind === 'binary') {
    const payload = bytes ?? (message.text === undefined ? undefined : Buffer.from(message.text, 'utf8'));
    return payload === undefined ? undefined : encodeBase64Bytes(payload);
  }
  const text = message.text ?? (bytes === undefined ? undefined : viewOf(bytes).toString('utf8'));
  return text === undefined || kind === 'text' ? text : unwrappedJson(text);
}

/** The same bytes, not copied. */
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
