import type { RqlPlaceholder } from './rqlField.ts';

const TIME = /^(?:now|now_epoch_millis)(?:[+-]\d+(?:ms|s|m|h|d|w|mo|y)?)?(?:\[(?:ms|s|m|h|d|w|mo|y)\])?$/;

const names = (prefix: string, ...supported: readonly string[]): RqlPlaceholder => ({
  prefix,
  supports: (name) => supported.includes(name),
});

/** What may stand for a field in the filter of a topic (spec: SignalFilter). */
export const topicFilterPlaceholders: readonly RqlPlaceholder[] = [
  names(
    'topic',
    'full',
    'namespace',
    'entityName',
    'group',
    'channel',
    'criterion',
    'action',
    'subject',
    'action-subject',
  ),
  names('resource', 'type', 'path'),
  names('entity', 'id', 'namespace', 'name'),
  names('thing', 'id', 'namespace', 'name'),
  names('feature', 'id'),
  { prefix: 'time', supports: (name) => TIME.test(name) },
];
