import type { DittoError } from '../errors/dittoError.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { parseTopicPath } from '../protocol/topicPath.ts';
import { errorReply } from './replies.ts';

/**
 * The error as the answer to a live command, when it says that what was to be that command's live response is none;
 * undefined for any other error (connectivity/service/.../InboundDispatchingSink.java, isAboutInvalidLiveResponse).
 */
export function illegalLiveResponse(error: DittoError): Signal | undefined {
  if (error.code !== 'protocoladapter:illegal.adaptable') return undefined;
  const { topicPath, signalType } = error.details ?? {};
  if (typeof topicPath !== 'string' || typeof signalType !== 'string') return undefined;
  const topic = parseTopicPath(topicPath);
  if (topic.channel !== 'live' || !/^[^:]*\.responses:/.test(signalType)) return undefined;
  return errorReply(error, { topic, headers: withHeaders(error.headers, { channel: 'live' }) });
}
