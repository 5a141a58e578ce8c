import {
  type Adaptable,
  adaptableFromObject,
  adaptableFromPlainText,
  adaptableToText,
  contentTypeOf,
  type ExternalMessage,
  headerValue,
  isDittoError,
  isJsonArray,
  type MapperScripts,
  type PayloadMapper,
  parseJson,
  protocolMessageWithHeaders,
  type ScriptObserver,
} from '@hawser/core';
import type { ScriptInput, ScriptOutput } from './scriptCall.ts';
import { describe, placeOf, scriptFailed } from './scriptErrors.ts';
import type { ScriptLane } from './scriptLane.ts';

export interface ScriptMapperOptions {
  readonly scripts: MapperScripts;
  readonly lane: ScriptLane;
  readonly maxExecutionTimeMs: number;
  readonly observe: ScriptObserver | undefined;
}

/** An outbound result as the glue writes it. */
interface External {
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  /** Index of its buffer. */
  readonly bytes?: number;
}

/**
 * Maps with the scripts of users (connectivity/service/.../javascript/{ScriptedIncomingMapping,ScriptedOutgoingMapping}.java); a
 * direction without a script works like the Ditto mapper.
 */
export function scriptMapper(options: ScriptMapperOptions): PayloadMapper {
  const { scripts, lane } = options;
  return {
    mapInbound: (message) =>
      scripts.incomingScript === '' ? plainAdaptable(message) : runInbound(message, options),
    mapOutbound: (adaptable) =>
      scripts.outgoingScript === ''
        ? [protocolMessageWithHeaders(adaptable)]
        : runOutbound(adaptable, options),
    close: () => lane.close(),
  };
}

/** Connectivity/service/.../javascript/DefaultIncomingMapping.java */
function plainAdaptable({ text, bytes }: ExternalMessage): readonly Adaptable[] {
  const plain = text ?? (bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8'));
  return plain === undefined ? [] : [adaptableFromPlainText(plain)];
}

function runInbound(message: ExternalMessage, options: ScriptMapperOptions): Promise<readonly Adaptable[]> {
  const { headers, text = null } = message;
  const input: ScriptInput = {
    direction: 'inbound',
    headers: JSON.stringify(headers),
    text,
    bytes: inputBytes(text, message.bytes),
  };
  return run(input, contentTypeOf(message), options, (json) => {
    const results = parseJson(json);
    return isJsonArray(results) ? results.map(adaptableFromObject) : [];
  });
}

/** Bytes that the text tells need not go over. */
function inputBytes(text: string | null, bytes: Uint8Array | undefined): Uint8Array | 'text' | null {
  if (bytes === undefined) return null;
  if (text !== null && !text.includes(NO_CHARACTER)) return 'text';
  // a copy: of a part of a buffer, the whole would go over to the thread
  return new Uint8Array(bytes);
}

/** Stands in a text for bytes that are no UTF-8, too. */
const NO_CHARACTER = '\ufffd';

function runOutbound(
  adaptable: Adaptable,
  options: ScriptMapperOptions,
): Promise<readonly ExternalMessage[]> {
  const contentType = headerValue(adaptable.headers, 'content-type') || undefined;
  const input: ScriptInput = { direction: 'outbound', message: adaptableToText(adaptable) };
  return run(input, contentType, options, (json, buffers) => {
    const results: unknown = JSON.parse(json);
    if (!Array.isArray(results) || !results.every(isExternal)) throw new Error('no external message');
    return results.map(({ headers, text, bytes }) =>
      bytes === undefined
        ? { headers, text: text ?? '' }
        : { headers, bytes: buffers[bytes] ?? new Uint8Array() },
    );
  });
}

/** A script that has spoilt its own built-ins may have spoilt what was made with them. */
function isExternal(value: unknown): value is External {
  if (typeof value !== 'object' || value === null) return false;
  const { headers, text, bytes } = value as Partial<External>;
  return (
    typeof headers === 'object' &&
    headers !== null &&
    Object.values(headers).every((header) => typeof header === 'string') &&
    (text === undefined || typeof text === 'string') &&
    (bytes === undefined || typeof bytes === 'number')
  );
}

/**
 * @param read makes something of the JSON of the results; what it throws is told as the description of a failed mapping
 * @throws DittoError `connectivity:message.mapping.failed`, later
 */
function run<T>(
  input: ScriptInput,
  contentType: string | undefined,
  { lane, maxExecutionTimeMs, observe }: ScriptMapperOptions,
  read: (json: string, buffers: readonly Uint8Array[]) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const isTaken = lane.run(input, (output) => {
      const { failure, json = '[]', buffers = [] } = output;
      const description = failure === undefined ? undefined : describe(failure, maxExecutionTimeMs);
      if (observe !== undefined) report(input, output, description, observe);
      try {
        if (description === undefined) resolve(read(json, buffers));
        else reject(scriptFailed(contentType, description));
      } catch (error) {
        reject(scriptFailed(contentType, reasonOf(error)));
      }
    });
    if (!isTaken) reject(scriptFailed(contentType, 'Too many messages wait for the script.'));
  });
}

function report(
  { direction }: ScriptInput,
  { use, failure }: ScriptOutput,
  description: string | undefined,
  observe: ScriptObserver,
): void {
  const place = failure === undefined || failure.kind === 'time' ? undefined : placeOf(failure.error);
  observe({
    direction,
    console: use?.console ?? [],
    timeMs: use?.timeMs ?? 0,
    memoryBytes: use?.memoryBytes ?? 0,
    ...(description === undefined ? {} : { failure: description }),
    ...(place === undefined ? {} : { place }),
  });
}

const reasonOf = (error: unknown): string =>
  isDittoError(error)
    ? error.message
    : `The result of the script cannot be read: ${error instanceof Error ? error.message : String(error)}`;
