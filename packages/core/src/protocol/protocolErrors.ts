import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { Adaptable } from './adaptable.ts';
import { filterHeadersFromExternal } from './headerFilters.ts';
import { formatTopicPath, type TopicPath, unknownTopicPath } from './topicPath.ts';

/** No adapter reads messages of this topic. */
export const unsupportedTopic = (topic: TopicPath): DittoError => unknownTopicPath(formatTopicPath(topic));

/** Topic and path exist, but no signal has both (protocol/.../adapter/AbstractAdapter.java). */
export const unsupportedCombination = ({ topic, path }: Adaptable): DittoError =>
  makeError(
    'protocoladapter:unknown.topicpath',
    `The topic '${formatTopicPath(topic)}' is not supported in combination with the path '${path}'`,
  );

/** protocol/.../UnknownPathException.java */
export const unknownPath = (path: string): DittoError =>
  makeError(
    'protocoladapter:unknown.path',
    `The path '${path}' does not correspond to any known command, response or event.`,
  );

/** A message's path does not fit its topic (protocol/.../InvalidPathException.java). */
export const invalidMessagePath = (path: string, subject: string): DittoError =>
  makeError('protocoladapter:invalid.path', `The path '${path}' is not valid.`, {
    description: `It should match the pattern: (/features/[^/]+)?/(inbox|outbox)/messages/${subject}`,
  });

/** protocol/.../UnknownChannelException.java */
export const unknownChannel = (channel: string, type: string): DittoError =>
  makeError(
    'protocoladapter:unknown.channel',
    `The channel '${channel}' is not supported in combination with signal type '${type}'.`,
  );

/** The signal has no Protocol form; `name` is its type without prefix (protocol/.../UnknownSignalException.java). */
export const unknownSignal = (name: string): DittoError =>
  makeError('protocoladapter:unknown.signal', `The signal '${name}' is not supported by the adapter.`);

/**
 * A response whose parts do not make the signal that its topic and path promise
 * (protocol/.../mappingstrategies/IllegalAdaptableException.java). The message quotes the adaptable as Ditto prints it.
 */
export function illegalAdaptable(
  type: string,
  adaptable: Adaptable,
  cause: string,
  description: string | undefined,
): DittoError {
  const message = `Failed to get Signal of type <${type}> for <${printed(adaptable)}>: ${cause}`;
  return makeError('protocoladapter:illegal.adaptable', message, {
    description,
    details: { topicPath: formatTopicPath(adaptable.topic), signalType: type },
    headers: filterHeadersFromExternal(adaptable.headers),
  });
}

/** How Java prints the HTTP status of a response. */
export function printedStatus(code: number): string {
  const category =
    code < 200
      ? 'INFORMATIONAL'
      : code < 300
        ? 'SUCCESS'
        : code < 400
          ? 'REDIRECTION'
          : code < 500
            ? 'CLIENT_ERROR'
            : 'SERVER_ERROR';
  return `HttpStatus [code=${code}, category=${category}]`;
}

function printed(adaptable: Adaptable): string {
  const { topic, path, value, extra, status, revision, timestamp, metadata, fields } = adaptable;
  const isSearch = topic.criterion === 'search';
  const isStreaming = topic.criterion === 'streaming';
  const action = isSearch || isStreaming ? undefined : topic.action;
  const topicText = [
    `namespace=${topic.namespace}`,
    `name=${topic.name}`,
    `group=${topic.group}`,
    `channel=${topic.channel}`,
    `criterion=${topic.criterion}`,
    `action=${action ?? null}`,
    `searchAction=${isSearch ? topic.action : null}`,
    `streamingAction=${isStreaming ? topic.action : null}`,
    `subject=${topic.subject ?? null}`,
    `path=${formatTopicPath(topic)}`,
  ].join(', ');
  const payloadText = [
    `path=${path}`,
    `value=${value === undefined ? null : stringifyJson(value)}`,
    `extra=${extra === undefined ? null : stringifyJson(extra)}`,
    `status=${status === undefined ? null : printedStatus(status)}`,
    `revision=${revision ?? null}`,
    `timestamp=${timestamp ?? null}`,
    `metadata=${metadata === undefined ? null : stringifyJson(metadata)}`,
    `fields=${fields ?? null}`,
  ].join(', ');
  const headers = Object.entries(adaptable.headers).map(([name, header]) => `${name}=${header}`);
  return (
    `ImmutableAdaptable [topicPath=ImmutableTopicPath [${topicText}], payload=ImmutablePayload [${payloadText}], ` +
    `headers=ImmutableDittoHeaders [{${headers.join(', ')}}]]`
  );
}
