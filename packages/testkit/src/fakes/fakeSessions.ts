import {
  type ClientSession,
  type ClientSessions,
  type Connection,
  type ConnectionMonitor,
  connectionFailed,
  type JsonObject,
} from '@hawser/core';

/** One client as a test sees it. */
export interface FakeSession {
  readonly connectionId: string;
  readonly clientIndex: number;
  readonly connection: Connection;
  state: 'initialized' | 'connecting' | 'connected' | 'disconnected' | 'aborted';
}

/**
 * Clients without brokers. By default they open, close and test at once; a test makes them wait or fail.
 * Notes where two clients of one connection and index lived at the same time.
 */
export class FakeSessions implements ClientSessions {
  readonly created: FakeSession[] = [];
  readonly monitors = new Map<string, FakeMonitor>();
  /** Connection and index of clients that were made while their predecessor lived. */
  readonly doubles: string[] = [];
  opening: (session: FakeSession) => Promise<void> = () => Promise.resolve();
  closing: (session: FakeSession) => Promise<void> = () => Promise.resolve();
  testing: (connection: Connection) => Promise<string> = () =>
    Promise.resolve('Success(successfully connected + initialized mapper)');
  /** Keeps no history of ended clients; for tests that count memory. */
  isForgetful = false;

  validate(_connection: Connection): void {}

  monitor(connectionId: string): FakeMonitor {
    const known = this.monitors.get(connectionId);
    if (known !== undefined) return known;
    const monitor = new FakeMonitor();
    this.monitors.set(connectionId, monitor);
    return monitor;
  }

  forget(connectionId: string): void {
    this.monitors.delete(connectionId);
  }

  test(connection: Connection): Promise<string> {
    return this.testing(connection);
  }

  create(connection: Connection, clientIndex: number): ClientSession {
    const session: FakeSession = {
      connectionId: connection.id,
      clientIndex,
      connection,
      state: 'initialized',
    };
    if (this.live(connection.id).some((other) => other.clientIndex === clientIndex))
      this.doubles.push(`${connection.id}#${clientIndex}`);
    this.created.push(session);
    const end = (state: 'disconnected' | 'aborted'): void => {
      session.state = state;
      if (this.isForgetful) this.created.splice(this.created.indexOf(session), 1);
    };
    return {
      open: async () => {
        session.state = 'connecting';
        await this.opening(session);
        if (session.state !== 'connecting')
          throw connectionFailed(connection.id, `The client is ${session.state}.`);
        session.state = 'connected';
      },
      close: async () => {
        await this.closing(session);
        if (session.state !== 'aborted') end('disconnected');
      },
      abort: () => {
        if (session.state !== 'disconnected' && session.state !== 'aborted') end('aborted');
      },
      status: () => [
        {
          type: 'client',
          client: 'fake',
          status: session.state === 'connected' ? 'open' : 'unknown',
          recoveryStatus: session.state === 'connected' ? 'succeeded' : 'ongoing',
          statusDetails: session.state,
        },
        ...resourceRows(connection, session.state === 'connected' ? 'open' : 'closed'),
      ],
      monitor: this.monitor(connection.id),
    };
  }

  /** Clients that have not ended. */
  live(connectionId?: string): readonly FakeSession[] {
    return this.created.filter(
      (session) =>
        session.state !== 'aborted' &&
        session.state !== 'disconnected' &&
        (connectionId === undefined || session.connectionId === connectionId),
    );
  }
}

export class FakeMonitor implements ConnectionMonitor {
  readonly failures: string[] = [];
  readonly entries: JsonObject[] = [];
  logsUntilMs: number | undefined;
  metricResets = 0;
  logResets = 0;
  consumed = 0;
  readonly reportedStatuses: string[] = [];

  statusReported(status: string): void {
    this.reportedStatuses.push(status);
  }

  resetMetrics(): void {
    this.metricResets++;
  }

  resetLogs(): void {
    this.logResets++;
  }

  enableLogs(untilMs: number): void {
    this.logsUntilMs = untilMs;
  }

  muteLogs(): void {
    this.logsUntilMs = undefined;
  }

  metrics(): JsonObject {
    const success = { PT1M: 0, PT1H: 0, PT24H: this.consumed, lastMessageAt: null };
    return {
      connectionMetrics: { inbound: { consumed: { success } }, outbound: null },
      containsFailures: false,
      sourceMetrics: { addressMetrics: null },
      targetMetrics: { addressMetrics: null },
    };
  }

  logs(): JsonObject {
    return { connectionLogs: [...this.entries], enabledSince: null, enabledUntil: null };
  }

  logConnection(level: 'success' | 'failure', message: string): void {
    if (level === 'failure') this.failures.push(message);
  }

  addLogEntry(entry: JsonObject): void {
    this.entries.push(entry);
  }
}

function resourceRows({ sources, targets }: Connection, status: string): readonly JsonObject[] {
  const row = (type: string) => (address: string) => ({ type, client: 'fake', address, status });
  const consumers = sources.flatMap(({ addresses, consumerCount }) =>
    addresses.flatMap((address) => new Array<string>(consumerCount).fill(address)),
  );
  return [...consumers.map(row('source')), ...targets.map(({ address }) => address).map(row('target'))];
}
