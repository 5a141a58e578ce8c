import {
  type LogCall,
  type ObservedSessions,
  recordJson,
  type SampledTiming,
  shownRecord,
} from '@hawser/actors';
import { rememberLast, stringifyJson } from '@hawser/core';
import type { LogFilter, LogTails } from '@hawser/http';

export interface RunningTails extends LogTails {
  endAll(): void;
}

/** A longer text of an entry is cut. */
const maxMessageChars = 32_768;

/** Live tails of connections' logs. @param prepared notes the time that texts of entries take */
export function createLogTails(sessions: ObservedSessions, prepared: SampledTiming): RunningTails {
  // all tails get the same call one after the other
  const textOf = rememberLast((call: LogCall) => {
    const startedAt = prepared.begin();
    const text = entryText(call);
    prepared.end(startedAt);
    return text;
  });
  return {
    tail: (connectionId, filter, send, ended) =>
      sessions.monitor(connectionId).tail({
        call: (call) => {
          if (isWanted(call, filter)) send(() => textOf(call));
        },
        ended,
      }),
    endAll: () => {
      for (const { monitor } of sessions.observed()) monitor.endTails();
    },
  };
}

function isWanted({ kind }: LogCall, filter: LogFilter): boolean {
  const isIn = (wanted: readonly string[] | undefined, value: string): boolean =>
    wanted === undefined || wanted.includes(value);
  return (
    isIn(filter.level, kind.level) &&
    isIn(filter.category, kind.category) &&
    isIn(filter.type, kind.type) &&
    isIn(filter.address, kind.address ?? '')
  );
}

function entryText(call: LogCall): string {
  const record = shownRecord(call);
  const { message } = record;
  const isLong = message.length > maxMessageChars;
  return stringifyJson(
    recordJson(isLong ? { ...record, message: `${message.slice(0, maxMessageChars)}…` } : record),
  );
}
