import type { HeaderMapping } from '../model/connection.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { allPlaceholders } from '../placeholders/placeholders.ts';
import { compileTemplate } from '../placeholders/template.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import {
  buildHeaders,
  copyOf,
  headerValue,
  put,
  putHeaders,
  withHeaders,
  withInternalHeader,
} from '../protocol/dittoHeaders.ts';
import { filterHeadersFromExternal } from '../protocol/headerFilters.ts';
import type { Signal } from '../protocol/signal.ts';
import { rememberWeakly } from '../remember.ts';

/** A header mapping, its templates parsed once. */
export interface CompiledHeaderMapping {
  readonly isEmpty: boolean;
  /** All names are in lower case. */
  readonly isPlain: boolean;
  /** The mapping names a correlation id, whether it resolves or not. */
  readonly hasCorrelationId: boolean;
  /** Sets the entries that resolve, in their order, by their names as written. @throws DittoError `placeholder:*` */
  resolveInto(headers: Record<string, string>, context: PlaceholderContext): void;
}

export function compileHeaderMapping(mapping: HeaderMapping): CompiledHeaderMapping {
  const entries = Object.entries(mapping).map(
    ([name, template]) => [name, compileTemplate(template, allPlaceholders)] as const,
  );
  return {
    isEmpty: entries.length === 0,
    isPlain: entries.every(([name]) => name === name.toLowerCase()),
    hasCorrelationId: Object.hasOwn(mapping, 'correlation-id'),
    resolveInto(headers, context) {
      for (const [name, template] of entries) {
        const value = template.first(context);
        if (value !== undefined) put(headers, name, value);
      }
    },
  };
}

/** What a source's header mapping makes of a message, step by step. */
export interface MappedHeaders {
  /** The entries that resolved. */
  readonly mapped: DittoHeaders;
  /** Of those, what may come from outside. */
  readonly accepted: DittoHeaders;
  /** The headers of the signal with the accepted ones on top. */
  readonly headers: DittoHeaders;
}

/**
 * Resolves a source's header mapping for a signal (spec 07, 9, steps 1 to 3).
 *
 * @throws DittoError `placeholder:*`, `header.invalid`, `timeout.invalid`
 */
export function mapInboundHeaders(
  mapping: CompiledHeaderMapping,
  signal: Signal,
  context: PlaceholderContext,
): MappedHeaders {
  if (mapping.isEmpty) return { mapped: {}, accepted: {}, headers: signal.headers };
  const mapped: Record<string, string> = {};
  mapping.resolveInto(mapped, context);
  const accepted = filterHeadersFromExternal(mapped);
  if (isEmpty(accepted)) return { mapped, accepted, headers: signal.headers };
  return { mapped, accepted, headers: withHeaders(signal.headers, buildHeaders(accepted, mapping.isPlain)) };
}

function isEmpty(headers: DittoHeaders): boolean {
  for (const _name in headers) return false;
  return true;
}

/** What is known of an inbound signal beside its mapping. */
export interface InboundHeaderOrigin {
  readonly connectionId: string;
  /** Resolved authorization context; none for error responses of messages that have none. */
  readonly authSubjects: readonly string[] | undefined;
  /** `ditto-reply-target` and `ditto-expected-response-types` of a source with a reply target. */
  readonly internalHeaders: DittoHeaders;
  readonly newCorrelationId: () => string;
}

/**
 * All headers of an inbound signal (connectivity/service/.../messaging/InboundDispatchingSink.java): mapped ones, internal
 * ones, and the signal's own on top of them. A correlation id is made when neither signal nor mapping names one.
 *
 * @throws DittoError `placeholder:*`, `header.invalid`, `timeout.invalid`
 */
export function inboundHeaders(
  mapping: CompiledHeaderMapping | undefined,
  signal: Signal,
  context: PlaceholderContext,
  origin: InboundHeaderOrigin,
): DittoHeaders {
  const mapped = mapping === undefined ? signal.headers : mapInboundHeaders(mapping, signal, context).headers;
  const hasCorrelationId =
    mapping?.hasCorrelationId === true || headerValue(signal.headers, 'correlation-id') !== undefined;
  const changes = withInternalHeader(origin.internalHeaders, 'ditto-origin', origin.connectionId);
  if (origin.authSubjects !== undefined) changes['ditto-auth-context'] = authContext(origin.authSubjects);
  if (!hasCorrelationId && headerValue(origin.internalHeaders, 'correlation-id') === undefined)
    changes['correlation-id'] = origin.newCorrelationId();
  if (mapped === signal.headers) {
    putHeaders(changes, mapped);
    return changes;
  }
  return withHeaders(mapped, changes, signal.headers);
}

/** base/model/.../auth/AuthorizationContext.java in its JSON form; a source without placeholders has one for all messages. */
const authContext = rememberWeakly((subjects: readonly string[]) =>
  JSON.stringify({ type: 'pre-authenticated-connection', subjects }),
);

/**
 * Headers of an outbound message: those of the payload mapper, resolved entries on top. Names count as written; nothing is
 * filtered (connectivity/service/.../messaging/OutboundSignalToExternalMessage.java).
 *
 * @throws DittoError `placeholder:*`
 */
export function mapOutboundHeaders(
  mapping: CompiledHeaderMapping,
  messageHeaders: DittoHeaders,
  context: PlaceholderContext,
): DittoHeaders {
  if (mapping.isEmpty) return messageHeaders;
  const headers = copyOf(messageHeaders);
  mapping.resolveInto(headers, context);
  return headers;
}
