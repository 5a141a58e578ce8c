import {
  checkScriptSize,
  type DittoError,
  javaScriptAlias,
  type Log,
  type MapperScripts,
  mapperScripts,
  type ScriptEngine,
  type TryingScriptEngine,
} from '@hawser/core';
import type { BoxOptions } from './scriptCall.ts';
import { scriptsRefused } from './scriptErrors.ts';
import { defaultScriptLimits, type ScriptLimits, stackBytes } from './scriptLimits.ts';
import { scriptMapper } from './scriptMapper.ts';
import { ScriptPool } from './scriptPool.ts';

/** The engine of the service; scripts run in threads of their own. */
export interface ThreadedScriptEngine extends TryingScriptEngine {
  /** Threads that run at present. */
  readonly threads: number;
  /** Of those that had to be ended, or broke down. */
  readonly endedThreads: number;
  /** Ends all threads. Mappers are of no use any more. */
  close(): Promise<void>;
}

/** An engine over threads; none is started before there is a message. */
export function createScriptEngine(limits: Partial<ScriptLimits>, log: Log): ThreadedScriptEngine {
  const all: ScriptLimits = { ...defaultScriptLimits, ...limits };
  const { maxExecutionTimeMs, maxMemoryBytes, maxScriptSizeBytes } = all;
  const pool = new ScriptPool(all, log);
  // a script that is tried out must not get into the way of those that run
  const trials = new ScriptPool({ ...all, maxThreads: 1 }, log);
  const boxOf = (scripts: MapperScripts, isWatched: boolean): BoxOptions => ({
    scripts,
    maxExecutionTimeMs,
    stackBytes: stackBytes(all),
    maxMemoryBytes,
    isWatched,
  });

  const createMapper: ScriptEngine['createMapper'] = (scripts, observe) => {
    checkScriptSize(scripts, maxScriptSizeBytes);
    const lane = pool.lane(boxOf(scripts, observe !== undefined));
    return scriptMapper({ scripts, lane, maxExecutionTimeMs, observe });
  };

  /** Why the scripts cannot be loaded; those that are too large are not tried. */
  const refusalOf = async (scripts: MapperScripts): Promise<DittoError | undefined> => {
    if (Math.max(scripts.incomingScript.length, scripts.outgoingScript.length) > maxScriptSizeBytes)
      return undefined;
    const lane = trials.lane(boxOf(scripts, false));
    const output = await lane.load();
    lane.close();
    return output?.failure === undefined ? undefined : scriptsRefused(output.failure, maxExecutionTimeMs);
  };

  return {
    createMapper,
    async tryOut(definitions) {
      const refusals = new Map<string, DittoError>();
      for (const { mappingEngine, options } of Object.values(definitions)) {
        if (mappingEngine !== javaScriptAlias) continue;
        const scripts = mapperScripts(options);
        const refusal = await refusalOf(scripts);
        if (refusal !== undefined) refusals.set(JSON.stringify(scripts), refusal);
      }
      return {
        createMapper(scripts, observe) {
          const refusal = refusals.get(JSON.stringify(scripts));
          if (refusal !== undefined) throw refusal;
          return createMapper(scripts, observe);
        },
      };
    },
    get threads() {
      return pool.threads;
    },
    get endedThreads() {
      return pool.endedThreads;
    },
    async close() {
      await Promise.all([pool.close(), trials.close()]);
    },
  };
}
