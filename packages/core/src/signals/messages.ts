import { requiredObject, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import {
  headersFromJson,
  headerValue,
  messageHeadersToJson,
  noHeaders,
  withHeaders,
} from '../protocol/dittoHeaders.ts';
import { headerOfWrongType } from '../protocol/headerValidators.ts';
import { canonicalPath } from '../protocol/pointer.ts';
import { invalidMessagePath } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { rememberLast } from '../remember.ts';
import { splitId } from './entityId.ts';
import { entityIdOf, statusFromJson, valueInJson } from './entitySignals.ts';
import { readPayload } from './messagePayload.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { responseHeaders } from './signalHeaders.ts';
import { thingKind } from './thingKind.ts';

/*
 * Messages to and from things and features. A message has headers of its own, in which its subject, direction and
 * addressee stand; in Protocol form these are told by topic and path (messages/model/.../signals/commands/*.java).
 * The headers of the message are those of `Signal.adaptable`, the headers of the signal may go their own way.
 */

type Addressee = 'claim' | 'feature' | 'thing';

const PATH = /^(?:\/features\/([^/]+))?\/(inbox|outbox)\/messages\/(.+)$/s;
const CONTROL_CHARACTERS = /[\x00-\x1f\x7f-\xff]/;

interface Address {
  readonly subject: string;
  readonly direction: 'TO' | 'FROM';
  readonly featureId: string | undefined;
}

/** @throws DittoError `protocoladapter:invalid.path` when path and topic do not tell the same subject */
function addressOf({ topic, path }: Adaptable): Address {
  const subject = topic.subject ?? '';
  const address = addressAt(path);
  if (address?.subject !== subject) throw invalidMessagePath(path, subject);
  return address;
}

/** Asked for on the way in and again on the way out. */
const addressAt = rememberLast((path: string): Address | undefined => {
  const [, featureId, box, subject] = PATH.exec(path) ?? [];
  if (subject === undefined) return undefined;
  return { subject, direction: box === 'inbox' ? 'TO' : 'FROM', featureId };
});

/** @throws DittoError `header.invalid` */
function checkSubject(subject: string): void {
  if (!CONTROL_CHARACTERS.test(subject)) return;
  throw headerOfWrongType('ditto-message-subject', subject, 'message subject');
}

const addresseeOf = ({ subject, featureId }: Address): Addressee =>
  subject === 'claim' ? 'claim' : featureId === undefined ? 'thing' : 'feature';

/** The message's own headers, address included, on top of others. */
export function messageHeaders(
  { adaptable, entityId, status }: Signal,
  below: DittoHeaders = noHeaders,
): DittoHeaders {
  const { subject, direction, featureId } = addressOf(adaptable);
  const address: Record<string, string | undefined> = {
    'ditto-message-thing-id': entityId,
    'ditto-message-subject': subject,
    'ditto-message-direction': direction,
  };
  if (featureId !== undefined) address['ditto-message-feature-id'] = featureId;
  if (status !== undefined) address['status'] = String(status);
  return withHeaders(below, adaptable.headers, address);
}

function makeMessage(adaptable: Adaptable, headers: DittoHeaders, isResponse: boolean): Signal {
  const { topic, path, value, extra } = adaptable;
  const address = addressOf(adaptable);
  const entityId = entityIdOf(thingKind, topic);
  checkSubject(address.subject);
  const addressee = addresseeOf(address);
  const payload = readPayload(value, headerValue(adaptable.headers, 'content-type'));
  const status = isResponse ? adaptable.status : undefined;
  return {
    kind: isResponse ? 'response' : 'command',
    type: isResponse
      ? `messages.responses:${addressee}ResponseMessage`
      : `messages.commands:${addressee}Message`,
    adaptable: { topic, headers: adaptable.headers, path, value: payload, extra, status },
    headers: isResponse ? responseHeaders(headers) : headers,
    entityId,
    entityType: 'thing',
    resourcePath: path,
    status,
    category: isResponse ? undefined : 'MODIFY',
  };
}

function messageJson(signal: Signal): JsonObject {
  const { featureId } = addressOf(signal.adaptable);
  return {
    type: signal.type,
    ...(signal.status === undefined ? {} : { status: signal.status }),
    thingId: signal.entityId,
    ...(featureId === undefined || signal.type.includes(':claim') ? {} : { featureId }),
    message: {
      headers: messageHeadersToJson(messageHeaders(signal)),
      ...valueInJson('payload', signal.adaptable.value),
    },
  };
}

/** The topic of a message to or from a thing, or a feature of it. */
export function messageTopic(thingId: string, subject: string): TopicPath {
  const [namespace, name] = splitId(thingId);
  return {
    namespace,
    name,
    group: 'things',
    channel: 'live',
    criterion: 'messages',
    action: undefined,
    subject,
  };
}

function messageFromJson(json: JsonObject): Adaptable {
  const thingId = thingKind.checkId(requiredString(json, 'thingId'));
  const message = requiredObject(json, 'message');
  const headersJson = requiredObject(message, 'headers', '/message/headers');
  const subject = requiredString(headersJson, 'ditto-message-subject');
  const mailbox = headersJson['ditto-message-direction'] === 'FROM' ? 'outbox' : 'inbox';
  const featureId = headersJson['ditto-message-feature-id'];
  const prefix = typeof featureId === 'string' ? `/features/${featureId}` : '';
  const { status, ...rest } = headersJson;
  const headers = withHeaders(headersFromJson(rest), {
    'ditto-message-thing-id': undefined,
    'ditto-message-subject': undefined,
    'ditto-message-direction': undefined,
    'ditto-message-feature-id': undefined,
  });
  return {
    topic: messageTopic(thingId, subject),
    headers,
    path: canonicalPath(`${prefix}/${mailbox}/messages/${subject}`),
    value: Object.hasOwn(message, 'payload') ? message['payload'] : undefined,
    status: statusFromJson(json),
  };
}

const definition = (type: string, isResponse: boolean): SignalDefinition => ({
  type,
  make: (adaptable, headers) => makeMessage(adaptable, headers, isResponse),
  toJson: messageJson,
  fromJson: messageFromJson,
});

const addressees = ['claim', 'feature', 'thing'] as const;

export const messageDefinitions: readonly SignalDefinition[] = [
  ...addressees.map((addressee) => definition(`messages.commands:${addressee}Message`, false)),
  ...addressees.map((addressee) => definition(`messages.responses:${addressee}ResponseMessage`, true)),
];

/** A message, or the answer to one when it has a status. */
export const readMessage = (adaptable: Adaptable, headers: DittoHeaders): Signal =>
  makeMessage(adaptable, headers, adaptable.status !== undefined);
