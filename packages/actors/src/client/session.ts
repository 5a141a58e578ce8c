import {
  announcementSignal,
  type ClientContext,
  type ClientEvents,
  type ClientSession,
  type Clock,
  type Connection,
  type ConnectionClient,
  type ConnectionMonitor,
  type ConnectivityStatus,
  connectionFailed,
  connectionSignalIllegalWhile,
  formatInstant,
  type JsonObject,
  type Log,
  MisconfiguredError,
  type ProtocolAdapter,
  type ResourceStatus,
  type SessionStatus,
  type Tunnel,
  type TunnelEvents,
} from '@hawser/core';
import type { Line } from '../pipeline/line.ts';
import type { Monitor } from '../pipeline/monitor.ts';
import type { Outbox } from '../pipeline/outbox.ts';
import { type ClientState, closedResources, type RecoveryStatus, statusRows } from './clientState.ts';
import type { LineConfig } from './config.ts';
import { atInstant, failureReply, failureText, statusOf, UnreachableError } from './failure.ts';
import { type ReachOptions, reachBroker } from './reachBroker.ts';
import { RetrySchedule } from './retrySchedule.ts';

export interface SessionOptions {
  readonly connection: Connection;
  readonly clientIndex: number;
  /** Absent: this build does not know the connection's type. */
  readonly adapter: ProtocolAdapter | undefined;
  readonly line: Line;
  readonly outbox: Outbox;
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: LineConfig;
  readonly context: ClientContext;
  readonly reach: ReachOptions;
  /** 0 to 1; spreads the reconnects of many clients. */
  readonly random: () => number;
  /** Sources are not opened before this: what they receive must find the targets of all connections that are to be open. */
  readonly recovered: Promise<void>;
  readonly onStatus: (status: SessionStatus) => void;
}

interface OpenedTunnel {
  readonly tunnel: Tunnel;
  /** Wall time, ms. */
  readonly sinceMs: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** One client of a connection: Ditto's BaseClientActor without the actor (spec 04, 2). */
export class Session implements ClientSession {
  readonly #options: SessionOptions;
  readonly #schedule: RetrySchedule;
  #state: ClientState;
  #desired: 'open' | 'closed' = 'open';
  #waiters: Waiter[] = [];
  /** Failures since the last attempt began. */
  #failures = 0;
  /** Attempts to come back since an open client was lost; 0 when Ditto's general back-off is at work. */
  #reconnects = 0;
  #client: ConnectionClient | undefined;
  #tunnel: OpenedTunnel | undefined;
  /** Raised with every attempt: what an older one still reports is stale. */
  #attempt = 0;
  #cancelTimer: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#schedule = new RetrySchedule(options.config.client);
    this.#state = {
      state: 'initialized',
      status: 'unknown',
      recovery: 'unknown',
      details: 'initialized',
      sinceMs: options.clock.now(),
    };
  }

  get monitor(): ConnectionMonitor {
    return this.#options.monitor;
  }

  async open(): Promise<void> {
    const { state } = this.#state;
    if (state === 'connected') return;
    if (state === 'disconnecting') throw this.#illegal();
    const opened = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (state !== 'connecting') this.#begin();
    await opened;
  }

  close(isReplaced = false): Promise<void> {
    this.#closing ??= this.#close(isReplaced).finally(() => {
      this.#closing = undefined;
      this.#options.line.release();
    });
    return this.#closing;
  }

  abort(): void {
    this.#desired = 'closed';
    this.#options.line.unsubscribe();
    this.#options.line.release();
    void this.#dropClient();
    this.#rejectWaiters(connectionFailed(this.#id, 'The client was stopped.'));
    this.#change({ state: 'disconnected' });
  }

  status(): readonly JsonObject[] {
    const { connection, config } = this.#options;
    const resources =
      this.#client !== undefined && this.#state.state === 'connected'
        ? [...this.#client.resources(), ...tunnelResources(this.#tunnel)]
        : closedResources(addressesOf(connection), this.#state);
    return statusRows(config.instanceId, this.#state, resources);
  }

  get #id(): string {
    return this.#options.connection.id;
  }

  #begin(): void {
    this.#desired = 'open';
    this.#schedule.reset();
    this.#reconnects = 0;
    // Before connecting: signals for the targets are kept from now on.
    this.#options.line.subscribe();
    this.#change({ state: 'connecting' });
    this.#connect(this.#schedule.timeoutMs);
  }

  #connect(timeoutMs: number): void {
    void this.#dropClient();
    this.#failures = 0;
    const attempt = this.#attempt;
    this.#startTimer(timeoutMs);
    this.#open(attempt).then(
      (client) => {
        if (attempt === this.#attempt) this.#connected(client);
      },
      (error: unknown) => {
        if (attempt === this.#attempt) this.#failed(error);
      },
    );
  }

  async #open(attempt: number): Promise<ConnectionClient> {
    const { adapter, connection, context, recovered } = this.#options;
    if (adapter === undefined) {
      throw new MisconfiguredError(`Connections of type '${connection.connectionType}' are not supported.`);
    }
    if (connection.sources.length > 0) await recovered;
    const tunnel = await this.#reach(attempt);
    const ownContext = tunnel === undefined ? context : { ...context, tunnel: tunnel.end };
    const client = adapter.createClient(connection, this.#events(attempt), ownContext);
    this.#client = client;
    await client.open();
    return client;
  }

  /** @throws Error when another attempt has begun meanwhile; then no tunnel is left */
  async #reach(attempt: number): Promise<Tunnel | undefined> {
    const { clock, reach } = this.#options;
    const { lost, note } = this.#events(attempt);
    const tunnel = await reachBroker(this.#options, reach, { lost, note });
    if (attempt !== this.#attempt) {
      await tunnel?.close();
      throw new Error('Superseded.');
    }
    if (tunnel !== undefined) this.#tunnel = { tunnel, sinceMs: clock.now() };
    return tunnel;
  }

  #events(attempt: number): ClientEvents & TunnelEvents {
    const { line, monitor } = this.#options;
    return {
      message: (message, origin, settle) => line.receive(message, origin, settle),
      lost: (reason) => {
        if (attempt === this.#attempt) this.#lost(reason);
      },
      acknowledged: (origin, ok, text) =>
        monitor.inbound('acknowledged', origin.configuredAddress, ok, text, undefined),
      refused: (origin, reason) =>
        monitor.inbound('consumed', origin.configuredAddress, false, reason.message, undefined),
      note: (level, text) => monitor.logConnection(level, text),
    };
  }

  #connected(client: ConnectionClient): void {
    this.#stopTimer();
    this.#schedule.reset();
    this.#reconnects = 0;
    this.#change({ state: 'connected', status: 'open', recovery: 'succeeded', details: 'CONNECTED' });
    this.#options.monitor.logConnection('success', 'Connection successful');
    this.#options.outbox.attach(client);
    this.#announce('opened');
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  /** An open client has lost its broker. With failover the driver's own pace is followed, else Ditto's back-off. */
  #lost(reason: Error): void {
    const { adapter, connection } = this.#options;
    void this.#dropClient();
    if (connection.failoverEnabled && adapter?.reconnectDelayMs !== undefined) this.#reconnects = 1;
    this.#failed(reason);
  }

  #failed(error: unknown): void {
    const { clock, monitor } = this.#options;
    void this.#dropClient();
    this.#failures++;
    const nowMs = clock.now();
    const description = atInstant(failureText(error), nowMs);
    const status = statusOf(error);
    this.#rejectWaiters(failureReply(this.#id, error, failureText(error)));
    const delayMs = this.#retryDelay();
    if (delayMs === undefined) {
      monitor.logConnection(
        'failure',
        `Connection failed due to: ${description}. Reached maximum tries and thus will no longer try to reconnect`,
      );
      const details = `${description} Reached maximum retries after backing off after failure and thus will not try to reconnect any longer.`;
      this.#giveUp({ status, recovery: 'backOffLimitReached', details });
      return;
    }
    if (!(error instanceof UnreachableError)) {
      monitor.logConnection(
        'failure',
        `Connection failed due to: ${description}. Will reconnect after ${isoSeconds(delayMs)}`,
      );
    }
    this.#change({ state: 'connecting', status, recovery: 'ongoing', details: description });
    this.#startTimer(delayMs);
  }

  #retryDelay(): number | undefined {
    const { adapter, connection, context, clock, random } = this.#options;
    if (this.#reconnects > 0 && adapter?.reconnectDelayMs !== undefined) {
      const delayMs = adapter.reconnectDelayMs(connection, this.#reconnects, context);
      this.#reconnects++;
      return delayMs * (0.8 + 0.4 * random());
    }
    if (!this.#schedule.canRetry) return undefined;
    return this.#schedule.nextBackoff(clock.monotonic());
  }

  /** Ditto's state timeout: an attempt took too long, or a pause is over. */
  #timedOut(): void {
    const { clock, monitor } = this.#options;
    const text = `Connection timed out at ${formatInstant(clock.now())} while ${this.#state.state.toUpperCase()}.`;
    this.#rejectWaiters(connectionFailed(this.#id, 'Connection attempt timed out.'));
    if (this.#reconnects > 0) {
      this.#connect(this.#schedule.timeoutMs);
      return;
    }
    if (!this.#schedule.canRetry) {
      monitor.logConnection(
        'failure',
        'Connection timed out. Reached maximum tries and thus will no longer try to reconnect',
      );
      const details = `${this.#failures > 0 ? this.#state.details : text} Reached maximum retries and thus will not try to reconnect any longer.`;
      this.#giveUp({ recovery: 'backOffLimitReached', details });
      return;
    }
    monitor.logConnection('success', 'Trying to reconnect');
    this.#change({ details: `${text} Will try to reconnect.` });
    this.#connect(this.#schedule.nextTimeout(clock.monotonic()));
  }

  #giveUp(change: Partial<ClientState>): void {
    void this.#dropClient();
    this.#options.line.unsubscribe();
    this.#change({ ...change, state: 'initialized' });
  }

  async #close(isReplaced: boolean): Promise<void> {
    const { clock, config, line, monitor, outbox } = this.#options;
    if (this.#state.state === 'disconnected') return;
    this.#desired = 'closed';
    const client = this.#state.state === 'connected' ? this.#client : undefined;
    this.#rejectWaiters(connectionFailed(this.#id, 'The connection was closed.'));
    this.#stopTimer();
    this.#change({
      state: 'disconnecting',
      details: `cleaning up before closing or deleting connection at ${formatInstant(clock.now())}`,
    });
    if (client !== undefined) this.#announce('closed');
    if (isReplaced) outbox.pause();
    else line.unsubscribe();
    if (client !== undefined) await this.#drain(client);
    this.#change({ details: `disconnecting connection at ${formatInstant(clock.now())}` });
    const isInTime = await within(clock, config.client.disconnectingMaxTimeoutMs, this.#dropClient());
    const nowMs = clock.now();
    if (isInTime) {
      this.#change({
        state: 'disconnected',
        status: 'closed',
        recovery: 'unknown',
        details: `Disconnected at ${formatInstant(nowMs)}`,
      });
      monitor.logConnection('success', 'Disconnected successfully');
    } else {
      this.#change({
        state: 'initialized',
        status: 'failed',
        recovery: 'unknown',
        details: `Connection timed out at ${formatInstant(nowMs)} while DISCONNECTING. Desired state was: ${this.#desired}`,
      });
      monitor.logConnection('failure', 'Connection timed out, however desired state was closed');
    }
  }

  /** What is under way gets a little time; what does not finish stays unsettled and comes again. */
  async #drain(client: ConnectionClient): Promise<void> {
    const { clock, config, line, connection } = this.#options;
    const announcementMs = isAnnouncing(connection) ? config.client.disconnectAnnouncementTimeoutMs : 0;
    await within(
      clock,
      Math.max(config.shutdownTimeoutMs, announcementMs),
      client.stopConsuming().then(() => line.idle()),
    );
  }

  /** Told to the targets that ask for it. A closing client publishes it while it drains. */
  #announce(what: 'opened' | 'closed'): void {
    const { line, clock, connection } = this.#options;
    if (!isAnnouncing(connection)) return;
    const at = formatInstant(clock.now());
    const connectionId = this.#id;
    line.announce(
      announcementSignal(
        what === 'opened'
          ? { type: 'connectivity.announcements:opened', connectionId, openedAt: at }
          : { type: 'connectivity.announcements:closed', connectionId, closedAt: at },
        {},
      ),
    );
  }

  /** Resolves when client and tunnel are closed. */
  async #dropClient(): Promise<void> {
    this.#attempt++;
    this.#stopTimer();
    const client = this.#client;
    const tunnel = this.#tunnel?.tunnel;
    this.#client = undefined;
    this.#tunnel = undefined;
    this.#options.outbox.detach();
    try {
      await client?.close();
    } catch (error) {
      this.#options.log.debug('client did not close cleanly', { reason: String(error) });
    }
    // not before: what the client says last goes through it
    await tunnel?.close();
  }

  #startTimer(delayMs: number): void {
    this.#stopTimer();
    this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#timedOut());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #rejectWaiters(reason: Error): void {
    for (const { reject } of this.#waiters.splice(0)) reject(reason);
  }

  #change(change: Partial<ClientState>): void {
    const status: ConnectivityStatus = change.status ?? this.#state.status;
    const recovery: RecoveryStatus = change.recovery ?? this.#state.recovery;
    this.#state = { ...this.#state, ...change, status, recovery, sinceMs: this.#options.clock.now() };
    this.#options.onStatus({
      clientIndex: this.#options.clientIndex,
      state: this.#state.state,
      failed: status === 'failed' || status === 'misconfigured',
    });
  }

  #illegal(): Error {
    const seconds = Math.trunc(this.#options.config.client.connectingMinTimeoutMs / 1_000);
    return connectionSignalIllegalWhile(this.#id, this.#state.state, seconds);
  }
}

const tunnelResources = (opened: OpenedTunnel | undefined): readonly ResourceStatus[] =>
  opened === undefined
    ? []
    : [{ type: 'ssh', status: 'open', detail: 'ssh tunnel established.', sinceMs: opened.sinceMs }];

const isAnnouncing = ({ targets }: Connection): boolean =>
  targets.some(({ topics }) => topics.some(({ topic }) => topic === '_/_/connections/announcements'));

function addressesOf({ connectionType, sources, targets, sshTunnel }: Connection) {
  const isMqtt = connectionType === 'mqtt' || connectionType === 'mqtt-5';
  return {
    sources: sources.flatMap(({ addresses, consumerCount }) =>
      isMqtt
        ? [addresses.join(';')]
        : addresses.flatMap((address) => new Array<string>(consumerCount).fill(address)),
    ),
    targets: targets.map(({ address }) => address),
    hasTunnel: sshTunnel?.enabled === true,
  };
}

/** Whether `work` was done in time; its failure counts as done. */
function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, () => resolve(false));
    const done = (): void => {
      cancel();
      resolve(true);
    };
    work.then(done, done);
  });
}

/** A duration as Java prints it, e.g. `PT5S`. */
function isoSeconds(ms: number): string {
  return `PT${Math.round(ms) / 1_000}S`;
}
