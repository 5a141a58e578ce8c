import {
  type HeaderValidator,
  validateAckLabels,
  validateBoolean,
  validateChannel,
  validateDirection,
  validateEntityTag,
  validateEntityTagMatchers,
  validateFieldSelector,
  validateInt,
  validateLong,
  validateMetadata,
  validateNonEmpty,
  validateObject,
  validateStatusCode,
  validateStringArray,
  validateTimeout,
} from './headerValidators.ts';

/** How a header's value is written in the JSON form of headers. */
export type HeaderType = 'string' | 'boolean' | 'number' | 'array' | 'object';

export interface HeaderDefinition {
  readonly name: string;
  readonly type: HeaderType;
  /** Accepted from outside. */
  readonly read: boolean;
  /** Visible in messages that leave. */
  readonly written: boolean;
  readonly validate: HeaderValidator | undefined;
}

type Row = readonly [
  name: string,
  direction: 'both' | 'in' | 'out' | 'none',
  type?: HeaderType,
  HeaderValidator?,
];

/** Order counts: of several invalid headers the first in this list is reported (base/model/.../DittoHeaderDefinition.java). */
const DITTO_ROWS: readonly Row[] = [
  ['ditto-auth-context', 'none', 'object', validateObject],
  ['correlation-id', 'both', 'string', validateNonEmpty],
  ['response-required', 'both', 'boolean', validateBoolean],
  ['ditto-dry-run', 'none', 'boolean', validateBoolean],
  ['ditto-read-subjects', 'none', 'array', validateStringArray],
  ['ditto-read-revoked-subjects', 'none', 'array', validateStringArray],
  ['content-type', 'both'],
  ['accept', 'in'],
  ['authorization', 'in'],
  ['reply-to', 'both'],
  ['channel', 'both', 'string', validateChannel],
  ['live-channel-timeout-strategy', 'in'],
  ['ditto-origin', 'none'],
  ['etag', 'out', 'string', validateEntityTag],
  ['if-match', 'in', 'string', validateEntityTagMatchers],
  ['if-none-match', 'in', 'string', validateEntityTagMatchers],
  ['if-equal', 'in'],
  ['ditto-reply-target', 'none', 'number', validateInt],
  ['ditto-expected-response-types', 'none', 'array', validateStringArray],
  ['ditto-inbound-payload-mapper', 'none'],
  ['ditto-originator', 'out'],
  ['requested-acks', 'both', 'array', validateAckLabels],
  ['declared-acks', 'in', 'array', validateStringArray],
  ['timeout', 'both', 'string', validateTimeout],
  ['ditto-entity-id', 'none'],
  ['www-authenticate', 'out'],
  ['location', 'both'],
  ['ditto-connection-id', 'out'],
  ['put-metadata', 'in', 'array', validateMetadata],
  ['get-metadata', 'in', 'string', validateFieldSelector],
  ['delete-metadata', 'in', 'string', validateFieldSelector],
  ['ditto-metadata', 'out', 'object', validateObject],
  ['allow-policy-lockout', 'in', 'boolean', validateBoolean],
  ['ditto-weak-ack', 'out', 'boolean', validateBoolean],
  ['ditto-event-journal-tags', 'none', 'array', validateStringArray],
  ['traceparent', 'both'],
  ['tracestate', 'both'],
  ['ditto-sudo', 'none', 'boolean', validateBoolean],
  ['ditto-retrieve-deleted', 'none', 'boolean', validateBoolean],
  ['ditto-ackgregator-address', 'none', 'string', validateNonEmpty],
  ['condition', 'in'],
  ['merge-thing-patch-conditions', 'in'],
  ['live-channel-condition', 'in'],
  ['live-channel-condition-matched', 'out', 'boolean', validateBoolean],
  ['at-historical-revision', 'in', 'number', validateLong],
  ['at-historical-timestamp', 'in'],
  ['historical-headers', 'out', 'object', validateObject],
  ['entity-revision', 'out', 'number', validateLong],
  ['policy-view', 'in'],
  ['divert-response-to-connection', 'in', 'string', validateNonEmpty],
  ['divert-expected-response-types', 'in', 'string', validateNonEmpty],
  ['diverted-response-from-connection', 'both', 'string', validateNonEmpty],
  ['ditto-pre-defined-extra-fields', 'none', 'array', validateStringArray],
  ['ditto-pre-defined-extra-fields-read-grant-object', 'none', 'object', validateObject],
  ['ditto-pre-defined-extra-fields-object', 'none', 'object', validateObject],
  ['ditto-partial-access-paths', 'none', 'object', validateObject],
  ['ditto-policy-view-fields-selector', 'none'],
];

/** Headers of messages; typed only inside a message's own JSON (messages/model/.../MessageHeaderDefinition.java). */
const MESSAGE_ROWS: readonly Row[] = [
  ['ditto-message-direction', 'out', 'string', validateDirection],
  ['ditto-message-subject', 'out', 'string'],
  ['ditto-message-thing-id', 'out', 'string'],
  ['ditto-message-feature-id', 'out'],
  ['timestamp', 'both'],
  ['status', 'both', 'number', validateStatusCode],
];

const define = (rows: readonly Row[]): ReadonlyMap<string, HeaderDefinition> =>
  new Map(
    rows.map(([name, direction, type = 'string', validate]) => [
      name,
      {
        name,
        type,
        read: direction === 'both' || direction === 'in',
        written: direction === 'both' || direction === 'out',
        validate,
      },
    ]),
  );

/** Ditto's predefined headers by lower-case name. Names that are not here pass in both directions. */
export const headerDefinitions: ReadonlyMap<string, HeaderDefinition> = define(DITTO_ROWS);
export const messageHeaderDefinitions: ReadonlyMap<string, HeaderDefinition> = define(MESSAGE_ROWS);
/** Both, for the translation between inside and outside. */
export const translatedHeaders: ReadonlyMap<string, HeaderDefinition> = new Map([
  ...headerDefinitions,
  ...messageHeaderDefinitions,
]);
