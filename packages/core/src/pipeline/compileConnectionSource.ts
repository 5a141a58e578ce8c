import { type DittoError, isDittoError } from '../errors/dittoError.ts';
import { contentTypeOf } from '../mapping/contentType.ts';
import { compileHeaderMapping, inboundHeaders } from '../mapping/headerMapping.ts';
import type { MapperRegistry } from '../mapping/mapperRegistry.ts';
import { toMappingError } from '../mapping/mappingErrors.ts';
import type { Connection, Source } from '../model/connection.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { errorReply } from '../signals/replies.ts';
import { compileAckRequests } from './ackRequests.ts';
import { compileAuthorization } from './authorization.ts';
import { resolveLabels } from './compileConnectionLabels.ts';
import type { CompiledSource, InboundOutcome, InboundSignal } from './compiledConnection.ts';
import { compileEnforcement, enforcementInputPlaceholder } from './enforcement.ts';
import { checkAuthSubjects } from './headerSize.ts';
import { compileInboundMapping } from './inboundMapping.ts';
import { andThen } from './maybePromise.ts';
import { MessageContext } from './messageContext.ts';
import type { PipelineEnvironment } from './pipelineEnvironment.ts';

/** Stands for the mapper of a message that is refused before any mapper ran. */
const NO_MAPPER = '?';

/** Compiles the inbound line of a source. @throws DittoError */
export function compileSource(
  connection: Connection,
  source: Source,
  registry: MapperRegistry,
  environment: PipelineEnvironment,
): CompiledSource {
  const { observe } = environment;
  const origin = { connectionId: connection.id, now: environment.now };
  const map = compileInboundMapping(registry.resolve(source.payloadMapping), environment);
  const enforcement =
    source.enforcement &&
    compileEnforcement(
      source.enforcement,
      enforcementInputPlaceholder(connection.connectionType, source.enforcement.input),
    );
  const finish = compileFinish(connection, source, environment);
  const errorResponse = compileErrorResponse(connection, source, environment);
  return {
    source,
    declaredAcks: new Set(resolveLabels(source.declaredAcks, connection.id)),
    errorResponse,
    mapInbound(message, { address }) {
      const context = new MessageContext(origin, message, source.authorizationContext, {
        sourceAddress: address,
      });
      let input: string | undefined;
      try {
        input = enforcement?.input(context);
      } catch (thrown) {
        const error = toMappingError(thrown, 'inbound', NO_MAPPER, contentTypeOf(message));
        observe?.({ stage: 'failed', at: 'enforcementInput', error });
        return [{ ...failed(NO_MAPPER, error), isUnreadable: true }];
      }
      if (input !== undefined) observe?.({ stage: 'enforcementInput', input });
      const enforce = (signal: Signal): void => {
        if (input !== undefined) enforcement?.check(signal, input);
      };
      return andThen(map(message, context), (mapped) =>
        mapped.map(({ mapper, result }): InboundOutcome => {
          if (result.outcome === 'failed') return failed(mapper, result.error);
          if (result.outcome === 'dropped')
            return { mapper, outcome: 'dropped', signals: [], error: undefined };
          const signals = result.messages.map(({ signal }) => finish(signal, message, enforce));
          return { mapper, outcome: 'mapped', signals, error: undefined };
        }),
      );
    },
  };
}

const failed = (mapper: string, error: DittoError): InboundOutcome => ({
  mapper,
  outcome: 'failed',
  signals: [],
  error,
});

type Stage = Extract<InboundSignal, { error: unknown }>['stage'];

/** Steps 7 to 10 of the inbound path: what is wrong there concerns this signal alone (spec 08, 1). */
function compileFinish(
  connection: Connection,
  source: Source,
  environment: PipelineEnvironment,
): (signal: Signal, message: ExternalMessage, enforce: (signal: Signal) => void) => InboundSignal {
  const { observe, limits, newId } = environment;
  const origin = { connectionId: connection.id, now: environment.now };
  const authorize = compileAuthorization(source.authorizationContext);
  const mapping = compileHeaderMapping(source.headerMapping);
  const { acknowledgementRequests } = source;
  const requestAcks = acknowledgementRequests && compileAckRequests(acknowledgementRequests);
  const internalHeaders = replyHeaders(source);
  return (mapped, message, enforce) => {
    let stage: Stage = 'authorization';
    try {
      const subjects = authorize(message.headers);
      checkAuthSubjects(subjects, limits.maxAuthSubjects);
      observe?.({ stage, subjects });
      stage = 'headerMapping';
      const context = new MessageContext(origin, message, subjects, { signal: mapped });
      const headers = inboundHeaders(mapping, mapped, context, {
        connectionId: connection.id,
        authSubjects: subjects,
        internalHeaders,
        newCorrelationId: newId,
      });
      observe?.({ stage, headers });
      stage = 'acknowledgements';
      const signal = withAcks({ ...mapped, headers }, message, subjects);
      observe?.({ stage, headers: signal.headers });
      stage = 'enforcement';
      enforce(signal);
      observe?.({ stage });
      return { signal };
    } catch (error) {
      if (!isDittoError(error)) throw error;
      observe?.({ stage: 'failed', at: stage, error });
      return { error, stage, adaptable: mapped.adaptable };
    }
  };

  function withAcks(signal: Signal, message: ExternalMessage, subjects: readonly string[]): Signal {
    if (requestAcks === undefined) return signal;
    return { ...signal, headers: requestAcks(signal, new MessageContext(origin, message, subjects)) };
  }
}

/** Errors leave with the headers that the source's mapping makes of the message, so that they find who waits for them. */
function compileErrorResponse(
  connection: Connection,
  source: Source,
  { now, newId }: PipelineEnvironment,
): CompiledSource['errorResponse'] {
  const mapping = compileHeaderMapping(source.headerMapping);
  const origin = { connectionId: connection.id, now };
  const headerOrigin = {
    connectionId: connection.id,
    authSubjects: undefined,
    internalHeaders: replyHeaders(source),
    newCorrelationId: newId,
  };
  return (error, message, { address }, adaptable) => {
    const signal = errorReply(error, {
      topic: adaptable?.topic,
      headers: withHeaders(error.headers, adaptable?.headers ?? {}),
      deviceId: message.headers['device_id'],
    });
    const context = new MessageContext(origin, message, source.authorizationContext, {
      sourceAddress: address,
      signal,
    });
    try {
      return { ...signal, headers: inboundHeaders(mapping, signal, context, headerOrigin) };
    } catch {
      // What the mapping asks for may be just what was missing.
      return { ...signal, headers: inboundHeaders(undefined, signal, context, headerOrigin) };
    }
  };
}

/** Answers to signals of a source with a reply target find it by these (connectivity/service/.../BaseConsumerActor.java). */
function replyHeaders({ index, replyTarget, replyTargetEnabled }: Source): DittoHeaders {
  if (replyTarget === undefined || !replyTargetEnabled) return {};
  return {
    'ditto-reply-target': String(index),
    'ditto-expected-response-types': JSON.stringify(replyTarget.expectedResponseTypes),
  };
}
