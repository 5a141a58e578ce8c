import { type LogCall, type ObservedSessions, recordJson, shownRecord } from '@hawser/actors';
import type { LogFilter, LogTails } from '@hawser/http';

export interface RunningTails extends LogTails {
  endAll(): void;
}

/** Live tails of connections' logs. */
export function createLogTails(sessions: ObservedSessions): RunningTails {
  return {
    tail: (connectionId, filter, send, ended) =>
      sessions.monitor(connectionId).tail({
        call: (call) => {
          if (isWanted(call, filter)) send(() => recordJson(shownRecord(call)));
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
