import type { DittoError } from '../errors/dittoError.ts';
import type { MaybePromise } from '../pipeline/compiledConnection.ts';
import { compileConditions } from '../pipeline/conditions.ts';
import { andThen, attempt } from '../pipeline/maybePromise.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { contentTypeOf } from './contentType.ts';
import type { ConfiguredMapper } from './mapperRegistry.ts';
import { toMappingError, tooManyMappedMessages } from './mappingErrors.ts';

/** What one mapper made of one message or signal. */
export type MapperResult<T> =
  | { readonly outcome: 'mapped'; readonly messages: readonly T[] }
  | { readonly outcome: 'dropped'; readonly reason: string }
  | { readonly outcome: 'failed'; readonly error: DittoError };

/** A mapper with its conditions compiled: the common steps around every engine (spec 07, 7). */
export interface RunnableMapper {
  readonly id: string;
  runInbound(message: ExternalMessage, context: PlaceholderContext): MaybePromise<MapperResult<Adaptable>>;
  /** `context`: what the outgoing conditions see, made from the signal. */
  runOutbound(adaptable: Adaptable, context: PlaceholderContext): MaybePromise<MapperResult<ExternalMessage>>;
}

export interface MapperLimits {
  /** Most messages that one mapper makes of one. */
  readonly maxMappedInboundMessages: number;
  readonly maxMappedOutboundMessages: number;
}

export function compileMapper(configured: ConfiguredMapper, limits: MapperLimits): RunnableMapper {
  const { id, mapper, contentTypeBlocklist } = configured;
  const incoming = compileConditions(configured.incomingConditions);
  const outgoing = compileConditions(configured.outgoingConditions);
  return {
    id,
    runInbound: (message, context) =>
      attempt<MapperResult<Adaptable>>(
        () => {
          const contentType = contentTypeOf(message);
          if (contentType !== undefined && contentTypeBlocklist.has(contentType))
            return dropped('content-type blocked');
          if (!incoming(context)) return dropped('incoming conditions not met');
          return andThen(mapper.mapInbound(message, context), (messages) =>
            resultOf(id, messages, limits.maxMappedInboundMessages),
          );
        },
        (error) => failed(toMappingError(error, 'inbound', id, contentTypeOf(message))),
      ),
    runOutbound: (adaptable, context) =>
      attempt<MapperResult<ExternalMessage>>(
        () => {
          if (!outgoing(context)) return dropped('outgoing conditions not met');
          return andThen(mapper.mapOutbound(adaptable), (messages) =>
            resultOf(id, messages, limits.maxMappedOutboundMessages),
          );
        },
        (error) =>
          failed(toMappingError(error, 'outbound', id, headerValue(adaptable.headers, 'content-type'))),
      ),
  };
}

function resultOf<T>(id: string, messages: readonly T[], limit: number): MapperResult<T> {
  if (messages.length > limit) throw tooManyMappedMessages(id, messages.length, limit);
  return messages.length === 0 ? dropped('mapper returned nothing') : { outcome: 'mapped', messages };
}

const dropped = (reason: string): { readonly outcome: 'dropped'; readonly reason: string } => ({
  outcome: 'dropped',
  reason,
});
const failed = (error: DittoError): { readonly outcome: 'failed'; readonly error: DittoError } => ({
  outcome: 'failed',
  error,
});
