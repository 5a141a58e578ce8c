import type { LogEntry } from '@hawser/core';

type LogCategory = LogEntry['category'];

/** Texts of one logger where the place that logs has no own; `{1}` is the reason. */
export interface LoggerTexts {
  readonly success: string;
  /** For Ditto's errors. */
  readonly failure: string;
  /** For anything else. */
  readonly exception: string;
  /** Headers and payload of the message are shown. */
  readonly isDebug: boolean;
}

/** What a logger writes that has no texts of its own, and what the Fluentd publisher writes for all of them. */
const genericTexts = (type: string): Omit<LoggerTexts, 'isDebug'> => ({
  success: `Message was ${type}`,
  failure: `Failure while message was ${type}: {1}`,
  exception: `Unexpected failure while message was ${type}: {1}`,
});

const logger = (success: string, failure: string, exception: string, isDebug: boolean): LoggerTexts => ({
  success,
  failure,
  exception,
  isDebug,
});

const onlySuccess = (type: string, success: string, isDebug: boolean): LoggerTexts => ({
  ...genericTexts(type),
  success,
  isDebug,
});

const bare = (type: string): LoggerTexts => ({ ...genericTexts(type), isDebug: false });

const dropped = 'Payload mapping returned null, message is dropped.';
const mappingFailed = 'Ran into a failure when mapping outgoing signal: {1}';
const mappingBroke = 'Unexpected failure when mapping outgoing signal: {1}';
const unsuccessful =
  'Response was not successful. This may be the case for when a thing could not be found or the authorization subject of the consuming source was not allowed to write a thing.';

/** Texts by category and type (connectivity/service/.../monitoring/logs/ConnectionLoggerFactory.java). */
const loggers: Readonly<Record<LogCategory, Readonly<Record<string, LoggerTexts>>>> = {
  source: {
    consumed: logger(
      'Received signal.',
      'Ran into a failure when parsing an input command: {1}',
      'Ran into an unexpected failure when parsing an input command: {1}',
      true,
    ),
    mapped: logger(
      'Mapped incoming signal.',
      'Ran into a failure when mapping incoming signal: {1}',
      'Unexpected failure when mapping incoming signal: {1}',
      true,
    ),
    dropped: onlySuccess('dropped', dropped, false),
    enforced: logger(
      'Successfully applied enforcement on incoming signal.',
      'Ran into a failure when enforcing incoming signal: {1}',
      'Unexpected failure when enforcing incoming signal: {1}',
      true,
    ),
    acknowledged: logger(
      'Successfully acknowledged incoming signal.',
      'Ran into a failure when acknowledging incoming signal: {1}',
      'Unexpected failure when acknowledging incoming signal: {1}',
      true,
    ),
  },
  target: {
    dispatched: onlySuccess('dispatched', 'Successfully dispatched signal.', true),
    filtered: onlySuccess('filtered', 'Signal successfully passed possible filters.', false),
    mapped: logger('Successfully mapped outgoing signal.', mappingFailed, mappingBroke, false),
    dropped: onlySuccess('dropped', dropped, true),
    published: logger(
      'Successfully published signal.',
      'Ran into a failure when publishing signal: {1}',
      'Unexpected failure when publishing signal: {1}',
      true,
    ),
    acknowledged: logger(
      'Received successful acknowledgement for published signal.',
      'Ran into a failure for expected acknowledgement of published signal: {1}',
      'Unexpected failure for expected acknowledgement of published signal: {1}',
      true,
    ),
  },
  response: {
    dispatched: logger('Received response.', unsuccessful, unsuccessful, true),
    filtered: onlySuccess(
      'filtered',
      'Dropped response since requester did not require response via Header response-required',
      false,
    ),
    mapped: logger('Successfully mapped outbound response.', mappingFailed, mappingBroke, false),
    dropped: {
      ...onlySuccess('dropped', dropped, true),
      failure: 'Response dropped, missing replyTo address.',
    },
    published: logger(
      'Successfully published response.',
      'Ran into a failure when publishing response: {1}',
      'Unexpected failure when publishing response: {1}',
      true,
    ),
    acknowledged: logger(
      'Received successful acknowledgement for published response.',
      'Ran into a failure for expected acknowledgement of published response: {1}',
      'Unexpected failure for expected acknowledgement of published response: {1}',
      true,
    ),
  },
  connection: {},
};

export function textsOf(category: LogCategory, type: string): LoggerTexts {
  const own = loggers[category];
  return (Object.hasOwn(own, type) ? own[type] : undefined) ?? bare(type);
}

/** A text of a logger, and what the publisher says in its place; for failures only their beginnings. */
interface Replacements {
  readonly success: readonly [string, string];
  readonly starts: readonly (readonly [string, string])[];
}

const replacements = new Map<string, Replacements>();

function replacementsOf(category: LogCategory, type: string): Replacements {
  const own = textsOf(category, type);
  const generic = genericTexts(type);
  const start = (text: string): string => text.replace('{1}', '');
  return {
    success: [own.success, generic.success],
    starts: (['failure', 'exception'] as const).map((kind) => [start(own[kind]), start(generic[kind])]),
  };
}

/** What the Fluentd publisher says: its loggers have the generic texts in place of those above; other texts stay. */
export function genericText(category: LogCategory, type: string, text: string): string {
  const key = `${category} ${type}`;
  const known = replacements.get(key) ?? replacementsOf(category, type);
  replacements.set(key, known);
  const [success, generic] = known.success;
  if (text === success) return generic;
  const start = known.starts.find(([own]) => text.startsWith(own));
  return start === undefined ? text : start[1] + text.slice(start[0].length);
}
