import type { JsonObject } from '../json/jsonValue.ts';
import { compileHeaderMapping, mapOutboundHeaders } from '../mapping/headerMapping.ts';
import type { MapperResult } from '../mapping/runMapper.ts';
import type { Connection, ReplyTarget, Target } from '../model/connection.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { resolveLabels } from './compileConnectionLabels.ts';
import type { CompiledTarget, OutboundOutcome, OutboundResult } from './compiledConnection.ts';
import { andThen } from './maybePromise.ts';
import type { OutboundMappings } from './outboundMapping.ts';
import type { PipelineEnvironment } from './pipelineEnvironment.ts';
import { SignalContext } from './signalContext.ts';
import type { TargetFilter } from './signalFilter.ts';
import type { SignalView } from './signalFilterView.ts';
import { compileTargetAddress } from './targetAddress.ts';

/** The part of targets and reply targets that is the same: header mapping and address (spec 07, 10 and 11). */
function compilePublication(
  { address, headerMapping }: Target | ReplyTarget,
  publication: { readonly qos: number | undefined; readonly targetIndex: number },
  { observe }: PipelineEnvironment,
): (message: ExternalMessage, context: SignalContext) => OutboundResult {
  const resolveAddress = compileTargetAddress(address);
  const mapping = compileHeaderMapping(headerMapping);
  return (message, context) => {
    let stage: 'outboundHeaders' | 'address' = 'outboundHeaders';
    try {
      const headers = mapOutboundHeaders(mapping, message.headers, context);
      observe?.({ stage, headers });
      stage = 'address';
      const resolved = resolveAddress(context);
      observe?.({ stage, address: resolved });
      if (resolved === undefined) return { dropped: 'addressUnresolved', detail: address };
      return {
        publish: {
          message: headers === message.headers ? message : { ...message, headers },
          target: { address: resolved, qos: publication.qos, targetIndex: publication.targetIndex },
        },
      };
    } catch (error) {
      observe?.({ stage: 'failed', at: stage, error });
      return { error };
    }
  };
}

const outcomeOf = (
  mapper: string,
  result: MapperResult<ExternalMessage>,
  publish: (message: ExternalMessage) => OutboundResult,
): OutboundOutcome => {
  switch (result.outcome) {
    case 'mapped':
      return { mapper, results: result.messages.map(publish) };
    case 'dropped':
      return { mapper, results: [{ dropped: 'mapper', detail: result.reason }] };
    case 'failed':
      return { mapper, results: [{ error: result.error }] };
  }
};

/** Compiles one target. @throws DittoError */
export function compileTarget(
  connection: Connection,
  target: Target,
  index: number,
  parts: {
    readonly filter: TargetFilter;
    readonly viewOf: (signal: Signal) => SignalView;
    readonly mappings: OutboundMappings;
    readonly environment: PipelineEnvironment;
  },
): CompiledTarget {
  const { filter, viewOf, mappings, environment } = parts;
  const [issuedLabel] = resolveLabels(
    target.issuedAcknowledgementLabel === undefined ? [] : [target.issuedAcknowledgementLabel],
    connection.id,
  );
  const publish = compilePublication(target, { qos: target.qos, targetIndex: index }, environment);
  const mapping = mappings.of(target.payloadMapping, issuedLabel);
  return {
    index,
    target,
    issuedAcknowledgementLabel: issuedLabel,
    extraFields: (signal) => filter.extraFields(viewOf(signal)),
    enrich: (signal, fetched) => filter.enrich(viewOf(signal), fetched),
    mapOutbound(signal, extra) {
      const context =
        extra === undefined ? viewOf(signal).context : contextOf(connection, environment, signal, extra);
      return andThen(mapping(signal, context, extra), (results) =>
        results.map(({ mapper, result }) =>
          outcomeOf(mapper, result, (message) => publish(message, context)),
        ),
      );
    },
  };
}

const contextOf = (
  { id }: Connection,
  { now }: PipelineEnvironment,
  signal: Signal,
  extra?: JsonObject,
): SignalContext => new SignalContext(signal, { connectionId: id, now }, extra);

/** Compiles a reply target: an answer is mapped by the mapper that mapped the question (spec 08, 7.7). @throws DittoError */
export function compileReplyTarget(
  connection: Connection,
  target: ReplyTarget,
  mappings: OutboundMappings,
  environment: PipelineEnvironment,
): CompiledTarget {
  const publish = compilePublication(target, { qos: undefined, targetIndex: -1 }, environment);
  return {
    index: -1,
    target,
    issuedAcknowledgementLabel: undefined,
    extraFields: () => [],
    enrich: () => ({ extra: undefined }),
    mapOutbound(signal, extra) {
      const mapper = headerValue(signal.headers, 'ditto-inbound-payload-mapper');
      const mapping = mappings.of(mapper === undefined ? [] : [mapper], undefined);
      const context = contextOf(connection, environment, signal, extra);
      return andThen(mapping(signal, context, extra), (results) =>
        results.map((outcome) =>
          outcomeOf(outcome.mapper, outcome.result, (message) => publish(message, context)),
        ),
      );
    },
  };
}
