import {
  DittoError,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '@hawser/core';
import { casesOf, type VectorCase } from './cases.ts';
import { compareHttp, compareOutcome, type Difference } from './compare.ts';
import type { Readers } from './reader.ts';

export interface CaseResult {
  readonly index: number;
  readonly name: string;
  /** `{ok}` or `{error}` as the product produced it; `{thrown}` for a foreign exception. */
  readonly value: JsonObject;
  readonly outcome: 'passed' | 'failed' | 'disputed';
  readonly difference: string | undefined;
}

export interface FamilyResult {
  /** `folder/file` without the extension. */
  readonly name: string;
  readonly results: readonly CaseResult[];
}

export interface Dispute {
  /** `folder/file` */
  readonly file: string;
  readonly name: string;
  readonly reason: string;
  /** Path in Ditto's sources that shows it. */
  readonly source: string;
}

const MAX_DISPUTES = 10;

/** Reads `disputed.json`. @throws Error when there are too many, one lacks its reason, or one is of an oracle family */
export function parseDisputes(text: string): readonly Dispute[] {
  const list = parseJson(text);
  if (!isJsonArray(list)) throw new Error('disputed.json is no array');
  const disputes = list.filter(isJsonObject).map((entry) => entry as unknown as Dispute);
  if (disputes.length > MAX_DISPUTES) throw new Error(`more than ${MAX_DISPUTES} disputed cases`);
  for (const { file, name, reason, source } of disputes) {
    if (!file || !name || !reason || !source)
      throw new Error('a dispute needs file, name, reason and source');
    if (file.startsWith('oracle/')) throw new Error(`${file} was computed by Ditto and cannot be disputed`);
  }
  return disputes;
}

/** Runs one vector file. @throws Error for a family, kind or function without a reader */
export async function runFamily(
  name: string,
  text: string,
  readers: Readers,
  options: { readonly only?: string | undefined; readonly disputes?: readonly Dispute[] } = {},
): Promise<FamilyResult> {
  const results: CaseResult[] = [];
  for (const vector of casesOf(parseJson(text, { maxDepth: 5000 }))) {
    if (options.only !== undefined && !vector.subject?.startsWith(options.only)) continue;
    const reader = readers[vector.reader];
    if (reader === undefined) throw new Error(`${name}: no reader for ${vector.reader}`);
    results.push(
      await runCase(
        vector,
        reader,
        (options.disputes ?? []).some((d) => d.file === name && d.name === vector.name),
      ),
    );
  }
  return { name, results };
}

async function runCase(
  vector: VectorCase,
  reader: Readers[string],
  isDisputed: boolean,
): Promise<CaseResult> {
  const { index, name } = vector;
  let value: JsonObject;
  let difference: Difference;
  try {
    value = { ok: ((await reader?.(vector.input)) ?? null) as JsonValue };
    difference = compare(vector, value);
  } catch (error) {
    if (error instanceof DittoError) {
      value = { error: error.toJson() };
      difference = compare(vector, value);
    } else {
      value = { thrown: String(error) };
      difference = `threw ${error instanceof Error ? (error.stack ?? error.message).split('\n', 2).join(' ') : String(error)}`;
    }
  }
  const outcome = difference === undefined ? 'passed' : isDisputed ? 'disputed' : 'failed';
  return { index, name, value, outcome, difference };
}

function compare({ comparison, expected, engineSpecific }: VectorCase, value: JsonObject): Difference {
  return comparison === 'http'
    ? compareHttp(expected, value)
    : compareOutcome(expected, value, engineSpecific);
}
