import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { MapperResult } from '../mapping/runMapper.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import type { ScriptRun } from '../ports/scriptRun.ts';
import { adaptableToJson } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import type { OutboundResult } from './compiledConnection.ts';
import type { PipelineStep } from './pipelineObserver.ts';

/** The first stage of the line that failed. */
export function failedStageOf(steps: readonly PipelineStep[]): string | undefined {
  for (const step of steps) {
    if (step.stage === 'failed') return step.at;
    if ('result' in step && step.result.outcome === 'failed') return step.stage;
  }
  return undefined;
}

export function stepReport(step: PipelineStep): JsonObject {
  const { stage } = step;
  switch (stage) {
    case 'failed':
      return { stage: step.at, error: errorReport(step.error) };
    case 'inboundMapper':
      return { stage, mapper: step.mapper, ...mapperReport(step.result, adaptableToJson) };
    case 'outboundMapper':
      return { stage, mapper: step.mapper, ...mapperReport(step.result, messageReport) };
    case 'signal':
      return { stage, ...signalReport(step.signal) };
    case 'protocolMessage':
      return { stage, message: adaptableToJson(step.adaptable) };
    case 'authorization':
      return { stage, subjects: step.subjects };
    case 'enforcementInput':
      return { stage, input: step.input };
    case 'script':
      return { stage, ...scriptReport(step.run) };
    case 'enforcement':
      return { stage, passed: true };
    case 'address':
      return { stage, address: step.address ?? null };
    default:
      return { stage, headers: { ...step.headers } };
  }
}

/** Time to the hundredth of a millisecond. */
const scriptReport = ({
  direction,
  console,
  timeMs,
  memoryBytes,
  failure,
  place,
}: ScriptRun): JsonObject => ({
  direction,
  console,
  timeMs: Math.round(timeMs * 100) / 100,
  memoryBytes,
  ...(failure === undefined ? {} : { failure }),
  ...(place === undefined ? {} : { ...place }),
});

function mapperReport<T>(result: MapperResult<T>, show: (message: T) => JsonObject): JsonObject {
  const { outcome } = result;
  if (outcome === 'mapped') return { outcome, messages: result.messages.map(show) };
  if (outcome === 'dropped') return { outcome, reason: result.reason };
  return { outcome, error: errorReport(result.error) };
}

export function signalReport({ kind, type, entityId, headers, adaptable }: Signal): JsonObject {
  return {
    kind,
    type,
    ...(entityId === undefined ? {} : { entityId }),
    headers: { ...headers },
    message: adaptableToJson(adaptable),
  };
}

export function resultReport(result: OutboundResult): JsonObject {
  if ('error' in result) return { error: errorReport(result.error) };
  if ('dropped' in result) return { dropped: result.dropped, detail: result.detail };
  const { message, target } = result.publish;
  const { address, qos } = target;
  return { address, ...(qos === undefined ? {} : { qos }), ...messageReport(message) };
}

function messageReport({ headers, text, bytes }: ExternalMessage): JsonObject {
  return {
    headers: { ...headers },
    ...(text === undefined ? {} : { text }),
    ...(bytes === undefined ? {} : { bytesBase64: Buffer.from(bytes).toString('base64') }),
  };
}

/** A refusal in Ditto's form; of anything else the text. */
export const errorReport = (error: unknown): JsonObject =>
  isDittoError(error) ? error.toJson() : { message: error instanceof Error ? error.message : String(error) };
