import { unspecificError } from '../errors/unspecificFailure.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { dittoAckLabelForbidden, isDittoAckLabel } from '../protocol/ackLabel.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import { filterHeadersToExternal } from '../protocol/headerFilters.ts';
import { unknownChannel } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { messageHeaders } from './messages.ts';

const JSON_TYPE = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';

/**
 * The Protocol message of a signal as it leaves: internal headers are gone, the content type tells what the value is
 * (protocol/.../adapter/DittoProtocolAdapter.java). The live channel is what the headers say.
 *
 * @throws DittoError `protocoladapter:unknown.channel`, `acknowledgement:ditto.acklabel.forbidden`
 */
export function adaptableFromSignal(signal: Signal): Adaptable {
  const { value, status, revision, timestamp, fields } = signal.adaptable;
  return {
    topic: outboundTopic(signal),
    headers: outboundHeaders(signal),
    path: signal.resourcePath,
    value,
    status,
    revision,
    timestamp,
    fields,
  };
}

function outboundTopic(signal: Signal): TopicPath {
  const { topic } = signal.adaptable;
  const isLive = headerValue(signal.headers, 'channel') === 'live';
  if (signal.kind === 'acknowledgement' && isDittoAckLabel(topic.subject ?? '')) {
    throw dittoAckLabelForbidden(topic.subject ?? '');
  }
  if (topic.criterion === 'search' || topic.criterion === 'streaming' || topic.group !== 'things') {
    if (isLive) throw unknownChannel('live', signal.type);
  }
  // Ditto has no channel for these and fails to write them (base/model/.../streaming/*.java).
  if (topic.criterion === 'streaming' && topic.group !== 'things' && signal.kind === 'command') {
    throw unspecificError('IllegalStateException', 'The policies and connection groups require no channel.');
  }
  if (topic.group !== 'things') return topic;
  const channel = isLive || topic.criterion === 'messages' ? 'live' : 'twin';
  return topic.channel === channel ? topic : { ...topic, channel };
}

function outboundHeaders(signal: Signal): DittoHeaders {
  if (signal.adaptable.topic.criterion === 'messages') {
    return filterHeadersToExternal(messageHeaders(signal, signal.headers));
  }
  const headers = filterHeadersToExternal(signal.headers);
  const contentType = contentTypeOf(signal);
  return contentType === undefined ? headers : withHeaders(headers, { 'content-type': contentType });
}

function contentTypeOf({ kind, adaptable: { topic, value } }: Signal): string | undefined {
  if (kind === 'acknowledgement') return undefined;
  switch (topic.action) {
    case 'merge':
    case 'merged':
    case 'migrated':
      return MERGE_PATCH;
    default:
      return topic.criterion === 'events' && value === undefined ? undefined : JSON_TYPE;
  }
}
