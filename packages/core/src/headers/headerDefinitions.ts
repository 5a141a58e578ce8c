/** How a header's value is checked and written in JSON; anything else is a plain string. */
export type HeaderType =
  | 'string'
  | 'nonEmpty'
  | 'boolean'
  | 'int'
  | 'long'
  | 'array'
  | 'labels'
  | 'object'
  | 'duration'
  | 'channel'
  | 'entityTag'
  | 'entityTags';

export interface HeaderDefinition {
  readonly type: HeaderType;
  /** Accepted from outside. */
  readonly in: boolean;
  /** Visible outside. */
  readonly out: boolean;
}

const both = (type: HeaderType): HeaderDefinition => ({ type, in: true, out: true });
const inOnly = (type: HeaderType): HeaderDefinition => ({ type, in: true, out: false });
const outOnly = (type: HeaderType): HeaderDefinition => ({ type, in: false, out: true });
const internal = (type: HeaderType): HeaderDefinition => ({ type, in: false, out: false });

/** Ditto's predefined headers (base/model/.../headers/DittoHeaderDefinition.java, messages/model/.../MessageHeaderDefinition.java). */
export const headerDefinitions: Readonly<Record<string, HeaderDefinition>> = {
  accept: inOnly('string'),
  'allow-policy-lockout': inOnly('boolean'),
  'at-historical-revision': inOnly('long'),
  'at-historical-timestamp': inOnly('string'),
  authorization: inOnly('string'),
  channel: both('channel'),
  condition: inOnly('string'),
  'content-type': both('string'),
  'correlation-id': both('nonEmpty'),
  'declared-acks': inOnly('labels'),
  'delete-metadata': inOnly('string'),
  'ditto-ackgregator-address': internal('string'),
  'ditto-auth-context': internal('object'),
  'ditto-connection-id': outOnly('string'),
  'ditto-dry-run': internal('boolean'),
  'ditto-entity-id': internal('string'),
  'ditto-event-journal-tags': internal('array'),
  'ditto-expected-response-types': internal('array'),
  'ditto-inbound-payload-mapper': internal('string'),
  'ditto-message-direction': outOnly('string'),
  'ditto-message-feature-id': outOnly('string'),
  'ditto-message-subject': outOnly('string'),
  'ditto-message-thing-id': outOnly('string'),
  'ditto-metadata': outOnly('object'),
  'ditto-origin': internal('string'),
  'ditto-originator': outOnly('string'),
  'ditto-read-revoked-subjects': internal('array'),
  'ditto-read-subjects': internal('array'),
  'ditto-reply-target': internal('int'),
  'ditto-retrieve-deleted': internal('boolean'),
  'ditto-sudo': internal('boolean'),
  'ditto-weak-ack': outOnly('boolean'),
  'divert-expected-response-types': inOnly('nonEmpty'),
  'divert-response-to-connection': inOnly('nonEmpty'),
  'diverted-response-from-connection': both('nonEmpty'),
  'dry-run': both('boolean'),
  'entity-revision': outOnly('long'),
  etag: outOnly('entityTag'),
  'get-metadata': inOnly('string'),
  'historical-headers': outOnly('object'),
  'if-equal': inOnly('string'),
  'if-match': inOnly('entityTags'),
  'if-none-match': inOnly('entityTags'),
  'live-channel-condition': inOnly('string'),
  'live-channel-condition-matched': outOnly('boolean'),
  'live-channel-timeout-strategy': inOnly('string'),
  location: both('string'),
  'merge-thing-patch-conditions': inOnly('object'),
  'policy-view': inOnly('string'),
  'put-metadata': inOnly('array'),
  'reply-to': both('string'),
  'requested-acks': both('labels'),
  'response-required': both('boolean'),
  timeout: both('duration'),
  traceparent: both('string'),
  tracestate: both('string'),
  'www-authenticate': outOnly('string'),
};

/** The definition of a predefined header; `key` in lower case. */
export const headerDefinition = (key: string): HeaderDefinition | undefined =>
  Object.hasOwn(headerDefinitions, key) ? headerDefinitions[key] : undefined;
