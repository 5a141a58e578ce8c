import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import { filterHeadersFromExternal } from '../protocol/headerFilters.ts';

/** Stands for "no entity" in topics. */
const PLACEHOLDER = '_';

/**
 * The internal headers of a message from outside: what may come in, the live channel, and the entity that the topic
 * names (protocol/.../adapter/HeadersFromTopicPath.java).
 */
export function inboundHeaders({ headers, topic }: Adaptable): DittoHeaders {
  const { namespace, name, channel, group } = topic;
  const isEntity = group !== 'connections' && namespace !== PLACEHOLDER && name !== PLACEHOLDER;
  const filtered = filterHeadersFromExternal(headers);
  if (!isEntity && channel !== 'live') return filtered;
  const changes: Record<string, string> = {};
  if (channel === 'live') changes['channel'] = channel;
  if (isEntity)
    changes['ditto-entity-id'] = `${group === 'things' ? 'thing' : 'policy'}:${namespace}:${name}`;
  return withHeaders(filtered, changes);
}

/** Answers are never answered themselves. */
export const responseHeaders = (headers: DittoHeaders): DittoHeaders =>
  withHeaders(headers, { 'response-required': 'false' });

/** An event carries the revision of its entity and is not answered. */
export const eventHeaders = (headers: DittoHeaders, revision: string): DittoHeaders =>
  withHeaders(headers, { 'entity-revision': revision, 'response-required': 'false' });
