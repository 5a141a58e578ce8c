import {
  compileRql,
  compileTargetFilter,
  type JsonObject,
  parseAdaptable,
  parseRql,
  parseTarget,
  type Signal,
  SignalContext,
  signalFromAdaptable,
  thingOfSignal,
  topicFilterPlaceholders,
  viewOf,
  withHeaders,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

const environment = { connectionId: 'conn-1', now: () => Date.now() };

const signalOf = (adaptable: unknown): Signal => signalFromAdaptable(parseAdaptable(adaptable as JsonObject));

function rql({ filter, thing, context }: JsonObject): boolean {
  if (context === undefined) {
    return compileRql(parseRql(String(filter)))({ thing: thing as JsonObject, context: {} });
  }
  const { adaptable, extra } = context as { adaptable: JsonObject; extra?: JsonObject };
  const signal = signalOf(adaptable);
  const matches = compileRql(parseRql(String(filter), { placeholders: topicFilterPlaceholders }));
  return matches({
    thing: thingOfSignal(signal, extra) ?? {},
    context: new SignalContext(signal, environment, extra),
  });
}

/** Addresses of the targets that get the signal. */
function selectTargets({ targets, adaptable, readGranted, readRevoked }: JsonObject): readonly string[] {
  const signal = signalOf(adaptable);
  const headers = withHeaders(signal.headers, {
    'ditto-read-subjects': JSON.stringify(readGranted ?? []),
    'ditto-read-revoked-subjects': JSON.stringify(readRevoked ?? []),
  });
  const view = viewOf({ ...signal, headers }, environment);
  return (targets as readonly JsonObject[])
    .map(parseTarget)
    .filter((target) => compileTargetFilter(target).selects(view))
    .map(({ address }) => address);
}

/** Filters: RQL, and which targets get a signal. */
export const filterReaders: Readers = {
  'oracle:rql': rql,
  'pipeline:rql': rql,
  'oracle:signal-filter': selectTargets,
  'pipeline:selectTargets': selectTargets,
};
