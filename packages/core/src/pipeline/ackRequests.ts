import { isJsonArray, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import type { AcknowledgementRequests } from '../model/connection.ts';
import { compileExpression, compilePipeline } from '../placeholders/expression.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { placeholderUnresolved } from '../placeholders/placeholderErrors.ts';
import { allPlaceholders } from '../placeholders/placeholders.ts';
import { resolved } from '../placeholders/resolution.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { buildHeaders, headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';

/**
 * The headers of an inbound signal after the acknowledgement requests of its source; `message` is what is known of the
 * external message, without the signal. @throws DittoError `placeholder:*`, `header.invalid`
 */
export type RequestAcks = (signal: Signal, message: PlaceholderContext) => DittoHeaders;

/** Gives the value of `requested-acks` after the filter; undefined leaves it absent. */
type AckFilter = (value: string | undefined, message: PlaceholderContext) => string | undefined;

const HEADER = 'requested-acks';
const NONE = '[]';

/** Compiles the acknowledgement requests of a source (connectivity/service/.../InboundDispatchingSink.java, spec 08, 5.1). */
export function compileAckRequests(configured: AcknowledgementRequests | undefined): RequestAcks {
  if (configured === undefined) return ({ headers }) => headers;
  const { includes, filter } = configured;
  const applyFilter = filter === undefined ? undefined : compileFilter(filter);
  return (signal, message) => {
    if (!canRequestAcks(signal)) return signal.headers;
    const given = headerValue(signal.headers, HEADER);
    const requested = includes.length === 0 || isExplicitlyNone(given) ? given : union(given, includes);
    const filtered = applyFilter === undefined ? requested : applyFilter(requested, message);
    if (filtered === undefined || filtered === given) return signal.headers;
    return withHeaders(signal.headers, buildHeaders({ [HEADER]: filtered }));
  };
}

/** Only what changes a twin, goes to a device or asks one may wait for acknowledgements. */
export function canRequestAcks({ kind, type, category, adaptable, headers }: Signal): boolean {
  if (kind !== 'command') return false;
  if (type.startsWith('messages.commands:')) return true;
  if (!type.startsWith('things.commands:')) return false;
  if (adaptable.topic.channel === 'live') return true;
  return category === 'QUERY' ? headerValue(headers, 'live-channel-condition') !== undefined : true;
}

/**
 * Compiles the filter (connectivity/service/.../RequestedAcksFilter.java): it is a pipeline after the labels asked for. When
 * nothing was asked for and it lets `[]` pass, it is evaluated again on nothing, so that it may set labels of its own.
 */
function compileFilter(filter: string): AckFilter {
  const pipeline = compilePipeline(filter, allPlaceholders);
  const alone = compileExpression(filter, allPlaceholders);
  return (value, message) => {
    const labels = value === undefined || value.includes("'") ? NONE : value;
    if (pipeline === undefined) throw placeholderUnresolved(`fn:default('${labels}')|${filter}`);
    const passed = pipeline(resolved([labels]), message).values[0];
    if (passed === undefined) return NONE;
    return value === undefined ? alone(message).values[0] : passed;
  };
}

const isExplicitlyNone = (value: string | undefined): boolean =>
  value !== undefined && labelsOf(value).length === 0;

const union = (given: string | undefined, includes: readonly string[]): string =>
  JSON.stringify([...new Set([...(given === undefined ? [] : labelsOf(given)), ...includes])]);

/** The labels of a `requested-acks` header, which was validated when it was set. */
export function labelsOf(value: string): readonly string[] {
  let json: JsonValue;
  try {
    json = parseJson(value);
  } catch {
    return [];
  }
  return isJsonArray(json) ? json.filter((label) => typeof label === 'string') : [];
}
