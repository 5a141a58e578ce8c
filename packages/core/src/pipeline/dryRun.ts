import { jsonInvalid } from '../errors/jsonErrors.ts';
import { selectFields } from '../json/fieldSelector.ts';
import {
  optionalArray,
  optionalInt,
  optionalObject,
  optionalString,
  requiredObject,
} from '../json/fields.ts';
import { onlyStrings, textMembers } from '../json/items.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseConnection } from '../model/parseConnection.ts';
import type { ExternalMessage, SourceOrigin } from '../ports/protocolAdapter.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { validateConnection } from '../validation/validateConnection.ts';
import { defaultValidationConfig, type ValidationConfig } from '../validation/validationConfig.ts';
import { compileConnection } from './compileConnection.ts';
import type { CompiledConnection, CompiledTarget } from './compiledConnection.ts';
import { errorReport, failedStageOf, resultReport, signalReport, stepReport } from './dryRunReport.ts';
import type { PipelineEnvironment } from './pipelineEnvironment.ts';
import type { PipelineStep } from './pipelineObserver.ts';

/** What became of a message, stage by stage. */
export interface DryRun {
  /** The first stage that failed; undefined when none did. */
  readonly failedStage: string | undefined;
  readonly report: JsonObject;
}

/**
 * Sends one message through the line of a connection, without a broker: through the very functions of the running line.
 *
 * `message` comes in, `{"headers", "text" | "bytesBase64", "source"?, "address"?}`, or goes out,
 * `{"signal", "readSubjects"?, "revokedSubjects"?, "thing"?, "replyTo"?}`: a Protocol message, who may read it, the thing of
 * which extra fields are taken, and for an answer the index of the source whose reply target sends it.
 */
export async function dryRun(
  connectionJson: JsonValue,
  message: JsonObject,
  environment: PipelineEnvironment,
  validation: ValidationConfig = defaultValidationConfig,
): Promise<DryRun> {
  const isOutbound = Object.hasOwn(message, 'signal');
  const direction = isOutbound ? 'outbound' : 'inbound';
  const trace = new Trace();
  try {
    const connection = parseConnection(connectionJson);
    trace.stage = 'validate';
    validateConnection(connection, validation);
    trace.stage = 'compile';
    const compiled = compileConnection(connection, {
      ...environment,
      observe: (step) => trace.steps.push(step),
    });
    trace.stage = 'message';
    checkMembers(message, isOutbound ? OUTBOUND_MEMBERS : INBOUND_MEMBERS);
    const run = await (isOutbound ? runOutbound : runInbound)(compiled, message, trace);
    return { failedStage: trace.failedStage, report: { direction, ...run } };
  } catch (error) {
    const { stage } = trace;
    return { failedStage: stage, report: { direction, failed: { stage, error: errorReport(error) } } };
  }
}

const INBOUND_MEMBERS = ['headers', 'text', 'bytesBase64', 'source', 'address'];
const OUTBOUND_MEMBERS = ['signal', 'readSubjects', 'revokedSubjects', 'thing', 'replyTo'];

/** A misspelt member would go unnoticed, and the message be another than was meant. @throws DittoError `json.invalid` */
function checkMembers(message: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(message).find((member) => !known.includes(member));
  if (unknown !== undefined)
    throw jsonInvalid(`A message has no member <${unknown}>: there are ${known.join(', ')}.`);
}

class Trace {
  /** What is being done; the line reports its own stages. */
  stage = 'connection';
  readonly steps: PipelineStep[] = [];
  failedStage: string | undefined;

  /** What the line reported since this was asked last. */
  take(): readonly JsonObject[] {
    this.failedStage ??= failedStageOf(this.steps);
    return this.steps.splice(0).map(stepReport);
  }
}

async function runInbound(
  compiled: CompiledConnection,
  message: JsonObject,
  trace: Trace,
): Promise<JsonObject> {
  const index = optionalInt(message, 'source') ?? compiled.connection.sources[0]?.index ?? 0;
  const source = compiled.sources.get(index);
  if (source === undefined) throw jsonInvalid(`The connection has no source <${index}>.`);
  const configuredAddress = source.source.addresses[0] ?? '';
  const address = optionalString(message, 'address') ?? configuredAddress;
  const origin: SourceOrigin = { sourceIndex: index, configuredAddress, address };
  const outcomes = await source.mapInbound(externalMessage(message), origin);
  const signals = outcomes.flatMap((outcome) =>
    outcome.signals.flatMap((each) => ('signal' in each ? [signalReport(each.signal)] : [])),
  );
  return { source: { index, address }, stages: trace.take(), signals };
}

function externalMessage(json: JsonObject): ExternalMessage {
  const text = optionalString(json, 'text');
  const base64 = optionalString(json, 'bytesBase64');
  return {
    headers: textMembers(optionalObject(json, 'headers')),
    ...(text === undefined ? {} : { text }),
    ...(base64 === undefined ? {} : { bytes: Buffer.from(base64, 'base64') }),
  };
}

async function runOutbound(
  compiled: CompiledConnection,
  message: JsonObject,
  trace: Trace,
): Promise<JsonObject> {
  trace.stage = 'signal';
  const signal = outboundSignal(message);
  trace.stage = 'targets';
  const targets: JsonObject[] = [];
  for (const target of targetsOf(compiled, message, signal)) {
    targets.push(await runTarget(target, signal, message, trace));
  }
  return { signal: signalReport(signal), targets };
}

/** The signal as the twin would send it, with its readers in the headers. */
function outboundSignal(message: JsonObject): Signal {
  const signal = signalFromAdaptable(parseAdaptable(requiredObject(message, 'signal')));
  const subjects = (field: string): string =>
    JSON.stringify(onlyStrings(optionalArray(message, field) ?? []));
  return {
    ...signal,
    headers: withHeaders(signal.headers, {
      'ditto-read-subjects': subjects('readSubjects'),
      'ditto-read-revoked-subjects': subjects('revokedSubjects'),
    }),
  };
}

function targetsOf(
  compiled: CompiledConnection,
  message: JsonObject,
  signal: Signal,
): readonly CompiledTarget[] {
  const replyTo = optionalInt(message, 'replyTo');
  if (replyTo === undefined) return compiled.selectTargets(signal);
  const target = compiled.replyTargets.get(replyTo);
  if (target === undefined) throw jsonInvalid(`The source <${replyTo}> has no reply target.`);
  return [target];
}

async function runTarget(
  target: CompiledTarget,
  signal: Signal,
  message: JsonObject,
  trace: Trace,
): Promise<JsonObject> {
  const fields = target.extraFields(signal);
  const fetched = selectFields(optionalObject(message, 'thing') ?? {}, fields);
  const head = {
    index: target.index,
    address: target.target.address,
    ...(fields.length === 0 ? {} : { extraFields: fields.map((field) => `/${field.join('/')}`), fetched }),
  };
  const enrichment = fields.length === 0 ? { extra: undefined } : target.enrich(signal, fetched);
  if (enrichment === undefined) return { ...head, dropped: 'no filter matches the enriched thing' };
  const outcomes = await target.mapOutbound(signal, enrichment.extra);
  const messages = outcomes.flatMap(({ mapper, results }) =>
    results.map((result) => ({ mapper, ...resultReport(result) })),
  );
  return { ...head, stages: trace.take(), messages };
}
