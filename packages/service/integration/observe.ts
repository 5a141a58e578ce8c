import { isJsonObject, type JsonObject } from '@hawser/core';
import type { HawserProcess } from './hawserProcess.ts';

/** The answer of a connection to a command of the piggyback door. */
export async function askConnection(hawser: HawserProcess, command: JsonObject): Promise<JsonObject> {
  const answer = (await hawser.piggyback(command)) as { json?: JsonObject } & JsonObject;
  return (answer.json ?? answer) as JsonObject;
}

/** A retrieval about one connection. */
export const retrieve = (
  hawser: HawserProcess,
  what: 'Status' | 'Metrics' | 'Logs',
  connectionId: string,
): Promise<JsonObject> =>
  askConnection(hawser, { type: `connectivity.commands:retrieveConnection${what}`, connectionId });

/** The counts of the last day that are not 0, as `{address: {type: {success: n}}}`. */
export function dayCounts(addressMetrics: unknown): Record<string, Record<string, Record<string, number>>> {
  const counts: Record<string, Record<string, Record<string, number>>> = {};
  if (!isJsonObject(addressMetrics)) return counts;
  for (const [address, types] of Object.entries(addressMetrics)) {
    const ofAddress: Record<string, Record<string, number>> = {};
    for (const [type, outcomes] of Object.entries(types as Record<string, JsonObject>)) {
      for (const [outcome, windows] of Object.entries(outcomes)) {
        const count = Number((windows as JsonObject)['PT24H']);
        if (count > 0) ofAddress[type] = { ...ofAddress[type], [outcome]: count };
      }
    }
    counts[address] = ofAddress;
  }
  return counts;
}
