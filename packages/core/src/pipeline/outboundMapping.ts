import type { JsonObject } from '../json/jsonValue.ts';
import type { MapperRegistry } from '../mapping/mapperRegistry.ts';
import { toMappingError } from '../mapping/mappingErrors.ts';
import { compileMapper, type MapperResult } from '../mapping/runMapper.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import type { Adaptable, Signal } from '../protocol/signal.ts';
import { adaptableFromSignal } from '../signals/adaptableFromSignal.ts';
import type { MaybePromise } from './compiledConnection.ts';
import { andThen, mapInOrder } from './maybePromise.ts';
import type { PipelineEnvironment } from './pipelineEnvironment.ts';
import { headerItems, type SignalContext } from './signalContext.ts';

export interface MappedOutbound {
  readonly mapper: string;
  readonly result: MapperResult<ExternalMessage>;
}

/** Maps one signal with the mappers of one `payloadMapping`. */
export type OutboundMapping = (
  signal: Signal,
  context: SignalContext,
  extra: JsonObject | undefined,
) => MaybePromise<readonly MappedOutbound[]>;

/** The outbound mappings of a connection; targets with the same list of mappers share one run for one signal. */
export interface OutboundMappings {
  /** `issuedLabel`: of the target; what it acknowledges itself it does not ask for, so that it gets a run of its own. */
  of(payloadMapping: readonly string[], issuedLabel: string | undefined): OutboundMapping;
}

/** Labels of the whole connection, resolved. */
export interface ConnectionLabels {
  readonly declared: ReadonlySet<string>;
  readonly issued: ReadonlySet<string>;
}

export function createOutboundMappings(
  registry: MapperRegistry,
  labels: ConnectionLabels,
  environment: PipelineEnvironment,
): OutboundMappings {
  const shared = new Map<string, OutboundMapping>();
  return {
    of(payloadMapping, issuedLabel) {
      if (issuedLabel !== undefined)
        return compile(payloadMapping, (signal) => withoutIssuedLabels(signal, issuedLabel, labels));
      const key = payloadMapping.map((id) => (registry.known.has(id) ? `=${id}` : '')).join('\0');
      const mapping = shared.get(key) ?? onceForEach(compile(payloadMapping, (signal) => signal));
      shared.set(key, mapping);
      return mapping;
    },
  };

  function compile(payloadMapping: readonly string[], prepare: (signal: Signal) => Signal): OutboundMapping {
    const mappers = registry
      .resolve(payloadMapping)
      .map((mapper) => compileMapper(mapper, environment.limits));
    return (signal, context, extra) => {
      let adaptable: Adaptable;
      try {
        adaptable = enriched(adaptableFromSignal(prepare(signal)), extra);
      } catch (error) {
        environment.observe?.({ stage: 'failed', at: 'protocolMessage', error });
        return mappers.map(({ id }) => ({ mapper: id, result: failed(error, id, signal) }));
      }
      environment.observe?.({ stage: 'protocolMessage', adaptable });
      return mapInOrder(mappers, (mapper) =>
        andThen(mapper.runOutbound(adaptable, context), (result) => {
          environment.observe?.({ stage: 'outboundMapper', mapper: mapper.id, result });
          return { mapper: mapper.id, result };
        }),
      );
    };
  }
}

/** The signal has no Protocol form. */
const failed = (error: unknown, mapper: string, { headers }: Signal): MapperResult<ExternalMessage> => ({
  outcome: 'failed',
  error: toMappingError(error, 'outbound', mapper, headerValue(headers, 'content-type')),
});

const enriched = (adaptable: Adaptable, extra: JsonObject | undefined): Adaptable =>
  extra === undefined ? adaptable : { ...adaptable, extra };

/** Targets get a signal one right after the other: remembering the last run is enough. */
function onceForEach(mapping: OutboundMapping): OutboundMapping {
  let last:
    | {
        readonly signal: Signal;
        readonly extra: JsonObject | undefined;
        readonly results: MaybePromise<readonly MappedOutbound[]>;
      }
    | undefined;
  return (signal, context, extra) => {
    if (last?.signal !== signal || last.extra !== extra)
      last = { signal, extra, results: mapping(signal, context, extra) };
    return last.results;
  };
}

/**
 * An event that goes to a target which acknowledges it shows of the requested acknowledgements only those that a source of
 * this connection may give (connectivity/service/.../OutboundMappingProcessor.java, `filterTargetIssuedAcknowledgements`).
 */
function withoutIssuedLabels(signal: Signal, issuedLabel: string, labels: ConnectionLabels): Signal {
  if (signal.adaptable.topic.criterion !== 'events') return signal;
  if (headerValue(signal.headers, 'requested-acks') === undefined) return signal;
  const requested = headerItems(signal.headers, 'requested-acks');
  const kept = requested.filter(
    (label) => label !== issuedLabel && !labels.issued.has(label) && labels.declared.has(label),
  );
  if (kept.length === requested.length) return signal;
  return { ...signal, headers: withHeaders(signal.headers, { 'requested-acks': JSON.stringify(kept) }) };
}
