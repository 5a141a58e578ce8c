import {
  type ConnectivityStatus,
  formatInstant,
  type JsonObject,
  type ResourceStatus,
  type SessionStatus,
} from '@hawser/core';

export type RecoveryStatus = 'ongoing' | 'succeeded' | 'backOffLimitReached' | 'unknown';

/** What Ditto's client actor knows about itself (connectivity/.../BaseClientData.java). */
export interface ClientState {
  readonly state: SessionStatus['state'];
  readonly status: ConnectivityStatus;
  readonly recovery: RecoveryStatus;
  readonly details: string;
  /** Wall time, ms. */
  readonly sinceMs: number;
}

/** Rows of this client in `retrieveConnectionStatus` (spec 05, 1.1 and 1.3). */
export function statusRows(
  client: string,
  state: ClientState,
  resources: readonly ResourceStatus[],
): readonly JsonObject[] {
  return [
    {
      type: 'client',
      client,
      status: state.status,
      recoveryStatus: state.recovery,
      statusDetails: state.details,
      inStateSince: formatInstant(state.sinceMs),
    },
    ...resources.map(({ type, address, status, detail, sinceMs }) => ({
      type,
      client,
      ...(address === undefined ? {} : { address }),
      status,
      statusDetails: detail,
      ...(sinceMs === undefined ? {} : { inStateSince: formatInstant(sinceMs) }),
    })),
  ];
}

/** Sources, targets and tunnel of a client that has no broker session. */
export function closedResources(
  resources: {
    readonly sources: readonly string[];
    readonly targets: readonly string[];
    readonly hasTunnel: boolean;
  },
  { status, sinceMs }: ClientState,
): readonly ResourceStatus[] {
  const why = { failed: 'failure', misconfigured: 'misconfiguration' }[status as string] ?? 'unknown';
  const detail = `Closed because of ${why} status in client.`;
  const row = (type: ResourceStatus['type']) => (address: string) =>
    ({ type, address, status: 'closed', detail }) as const;
  return [
    ...resources.sources.map(row('source')),
    ...resources.targets.map(row('target')),
    ...(resources.hasTunnel ? [{ type: 'ssh', status: 'closed', detail, sinceMs } as const] : []),
  ];
}
