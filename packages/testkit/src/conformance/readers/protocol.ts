import {
  buildHeaders,
  type DittoHeaders,
  filterHeadersFromExternal,
  filterHeadersToExternal,
  formatTopicPath,
  headersToJson,
  type JsonObject,
  parseTopicPath,
} from '@hawser/core';
import type { Reader, Readers } from '../reader.ts';

const topicPath: Reader = (input) => {
  const topic = parseTopicPath(String(input['topic']));
  const { namespace, name, group, channel, criterion, action, subject } = topic;
  const actionName =
    criterion === 'search' ? 'searchAction' : criterion === 'streaming' ? 'streamingAction' : 'action';
  return {
    namespace,
    entityName: name,
    group,
    channel,
    criterion,
    [actionName]: action,
    subject,
    path: formatTopicPath(topic),
  };
};

const headersOf = (input: JsonObject): DittoHeaders => (input['headers'] ?? {}) as DittoHeaders;

export const protocolReaders: Readers = {
  'oracle:topic-path': topicPath,
  'pipeline:parseTopic': topicPath,
  'pipeline:headerValue': (input) => headersToJson(buildHeaders(headersOf(input))),
  'pipeline:headersFromExternal': (input) => ({
    fromExternal: { ...filterHeadersFromExternal(headersOf(input)) },
  }),
  'pipeline:headersToExternal': (input) => ({ ...filterHeadersToExternal(headersOf(input)) }),
};
