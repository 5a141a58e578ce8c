import * as fc from 'fast-check';
import { type ModelAction, modelActions } from './modelAction.ts';
import type { ModelBreak } from './modelGround.ts';
import type { StartModelSystem } from './modelProcess.ts';
import { ModelWorld } from './modelWorld.ts';

export interface ModelRunOptions {
  readonly runs: number;
  /** Chosen at random when absent; printed with each failure. */
  readonly seed?: number;
  /** Of a shrunk counterexample: runs that one alone. */
  readonly path?: string;
  readonly breaks?: ModelBreak;
}

export interface ModelReport {
  readonly isOk: boolean;
  readonly runs: number;
  readonly seed: number;
  /** What was found: the rule, the shortest story that breaks it, and how to run it again. Empty when all is well. */
  readonly text: string;
}

/** Tells the system under test random stories and checks after each what must be true of an event-sourced actor. */
export async function checkModel(start: StartModelSystem, options: ModelRunOptions): Promise<ModelReport> {
  const { runs, seed, path, breaks } = options;
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', note);
  try {
    const result = await fc.check(
      fc.asyncProperty(modelActions, async (actions) => {
        await new ModelWorld(start, breaks).run(actions);
        const [rejection] = rejections.splice(0);
        if (rejection !== undefined)
          throw new Error(`unhandled rejection: ${String(rejection)}`, { cause: rejection });
      }),
      {
        numRuns: runs,
        ...(seed === undefined ? {} : { seed }),
        ...(path === undefined ? {} : { path }),
      },
    );
    return {
      isOk: !result.failed,
      runs: result.numRuns,
      seed: result.seed,
      text: result.failed ? textOf(result) : '',
    };
  } finally {
    process.off('unhandledRejection', note);
  }
}

function textOf(result: fc.RunDetails<[readonly ModelAction[]]>): string {
  const story = (result.counterexample?.[0] ?? []).map((action) => `  ${JSON.stringify(action)}`);
  const { errorInstance, seed, counterexamplePath, numShrinks } = result;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return [
    `broken: ${reason}`,
    `shortest story (${numShrinks} times shrunk):`,
    ...story,
    `again: --seed ${seed} --path ${counterexamplePath}`,
  ].join('\n');
}
