import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { RecordedEvent } from './recordedEvent.ts';

/** A response as it leaves: its JSON with `type` and `status`, and the headers beside it. */
export interface CommandAnswer {
  readonly json: JsonObject;
  readonly headers: DittoHeaders;
}

/**
 * Everything a connection actor can be told to do (connectivity/service/.../persistence/stages/ConnectionAction.java).
 * The order of the steps of a decision is visible from outside.
 */
export type Step =
  | { readonly do: 'enableLogging' }
  | { readonly do: 'disableLogging' }
  | { readonly do: 'persist'; readonly event: RecordedEvent }
  /** Holds the connection of a test in memory, with status `closed`, so that its client does not open by itself. */
  | { readonly do: 'applyTested'; readonly connection: Connection }
  | { readonly do: 'becomeCreated' }
  | { readonly do: 'becomeDeleted' }
  | { readonly do: 'updateSubscriptions' }
  /** `report`: a failure answers the asker and drops the remaining steps. `ignore`: it is only logged. */
  | { readonly do: 'openClients'; readonly onError: 'report' | 'ignore' }
  | { readonly do: 'closeClients' }
  | { readonly do: 'stopClients' }
  /** Sets the answer of the `reply` that follows. */
  | { readonly do: 'testClient'; readonly connection: Connection }
  | { readonly do: 'broadcast'; readonly command: 'resetMetrics' | 'resetLogs' | 'enableLogs' }
  | { readonly do: 'retrieveStatus' | 'retrieveMetrics' | 'retrieveLogs'; readonly headers: DittoHeaders }
  | { readonly do: 'addLogEntry'; readonly entry: JsonObject }
  /** Without an answer of its own it sends that of the step before. */
  | { readonly do: 'reply'; readonly answer: CommandAnswer | undefined }
  | { readonly do: 'passivate' };

/** What a command leads to. */
export interface Decision {
  /** False where Ditto persists and replies, or only replies, without stages. */
  readonly isStaged: boolean;
  readonly steps: readonly Step[];
}

const ACTION_NAMES = {
  enableLogging: 'ENABLE_LOGGING',
  disableLogging: 'DISABLE_LOGGING',
  persist: 'PERSIST_AND_APPLY_EVENT',
  applyTested: 'APPLY_EVENT',
  becomeCreated: 'BECOME_CREATED',
  becomeDeleted: 'BECOME_DELETED',
  updateSubscriptions: 'UPDATE_SUBSCRIPTIONS',
  openClients: 'OPEN_CONNECTION',
  closeClients: 'CLOSE_CONNECTION',
  stopClients: 'STOP_CLIENT_ACTORS',
  testClient: 'TEST_CONNECTION',
  broadcast: 'BROADCAST_TO_CLIENT_ACTORS_IF_STARTED',
  retrieveStatus: 'RETRIEVE_CONNECTION_STATUS',
  retrieveMetrics: 'RETRIEVE_CONNECTION_METRICS',
  retrieveLogs: 'RETRIEVE_CONNECTION_LOGS',
  addLogEntry: undefined,
  reply: 'SEND_RESPONSE',
  passivate: 'PASSIVATE',
} as const satisfies Record<Step['do'], string | undefined>;

/** The names of Ditto's staged actions, in order; none for a decision without stages. */
export function stagedActions({ isStaged, steps }: Decision): readonly string[] {
  if (!isStaged) return [];
  return steps.flatMap((step) => {
    if (step.do === 'openClients' && step.onError === 'ignore') return ['OPEN_CONNECTION_IGNORE_ERRORS'];
    return ACTION_NAMES[step.do] ?? [];
  });
}
