/** What one run of a script printed and used. */
export interface ScriptRun {
  readonly direction: 'inbound' | 'outbound';
  /** Lines that the script wrote to its console. */
  readonly console: readonly string[];
  readonly timeMs: number;
  /** Held by the mapper's scripts after the run. */
  readonly memoryBytes: number;
  /** Why there is no result. */
  readonly failure?: string;
  /** Where the script failed, both counted from 1. */
  readonly place?: {
    readonly script: 'incomingScript' | 'outgoingScript';
    readonly line: number;
    readonly column: number;
  };
}

/** Looks on while scripts run; for the dry run. */
export type ScriptObserver = (run: ScriptRun) => void;
