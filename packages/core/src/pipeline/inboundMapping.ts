import { contentTypeOf } from '../mapping/contentType.ts';
import type { ConfiguredMapper } from '../mapping/mapperRegistry.ts';
import { toMappingError } from '../mapping/mappingErrors.ts';
import { compileMapper, type MapperResult } from '../mapping/runMapper.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Adaptable, Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import type { MaybePromise } from './compiledConnection.ts';
import { checkHeaderSize } from './headerSize.ts';
import { andThen, mapInOrder } from './maybePromise.ts';
import type { PipelineEnvironment } from './pipelineEnvironment.ts';

/** A Protocol message and the signal it stands for. */
export interface MappedMessage {
  readonly adaptable: Adaptable;
  readonly signal: Signal;
}

export interface MappedInbound {
  readonly mapper: string;
  readonly result: MapperResult<MappedMessage>;
}

/** Maps one external message with the mappers of a source (connectivity/service/.../InboundMappingProcessor.java). */
export type InboundMapping = (
  message: ExternalMessage,
  context: PlaceholderContext,
) => MaybePromise<readonly MappedInbound[]>;

export function compileInboundMapping(
  configured: readonly ConfiguredMapper[],
  { limits, observe }: Pick<PipelineEnvironment, 'limits' | 'observe'>,
): InboundMapping {
  const mappers = configured.map((mapper) => compileMapper(mapper, limits));
  return (message, context) =>
    mapInOrder(mappers, (mapper) =>
      andThen(mapper.runInbound(message, context), (result) => {
        observe?.({ stage: 'inboundMapper', mapper: mapper.id, result });
        return { mapper: mapper.id, result: toSignals(result, mapper.id, message) };
      }),
    );

  /** All become signals before the first goes on: one that cannot takes the others with it. */
  function toSignals(
    result: MapperResult<Adaptable>,
    mapper: string,
    message: ExternalMessage,
  ): MapperResult<MappedMessage> {
    if (result.outcome !== 'mapped') return result;
    try {
      return { outcome: 'mapped', messages: result.messages.map((adaptable) => toSignal(adaptable, mapper)) };
    } catch (thrown) {
      const error = toMappingError(thrown, 'inbound', mapper, contentTypeOf(message));
      observe?.({ stage: 'failed', at: 'signal', error });
      return { outcome: 'failed', error };
    }
  }

  function toSignal(adaptable: Adaptable, mapper: string): MappedMessage {
    const made = signalFromAdaptable(adaptable);
    checkHeaderSize(made.headers, limits.maxHeaderSize);
    const signal = {
      ...made,
      headers: withHeaders(made.headers, { 'ditto-inbound-payload-mapper': mapper }),
    };
    observe?.({ stage: 'signal', signal });
    return { adaptable, signal };
  }
}
