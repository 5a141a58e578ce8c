import {
  type ClientContext,
  type ClientSession,
  type ClientSessions,
  type Clock,
  type CompiledConnection,
  type Connection,
  type ConnectionType,
  connectionFailed,
  type Log,
  type OpenTunnel,
  type ProtocolAdapter,
  type SessionStatus,
  type Tracer,
  type TwinService,
} from '@hawser/core';
import { AnswerDesk } from '../pipeline/answerDesk.ts';
import { Line } from '../pipeline/line.ts';
import type { LogTimings } from '../pipeline/logTimings.ts';
import { Monitor } from '../pipeline/monitor.ts';
import { Outbox } from '../pipeline/outbox.ts';
import { throttleRule } from '../pipeline/throttling.ts';
import type { LineConfig } from './config.ts';
import { failureReply, innermostMessage } from './failure.ts';
import { type ReachOptions, reachBroker } from './reachBroker.ts';
import { Session } from './session.ts';
import { type SocketProbe, tcpProbe } from './socketProbe.ts';

export interface ClientSessionsOptions {
  readonly adapters: readonly ProtocolAdapter[];
  /** What a connection stands for, when that is another one (hono). */
  readonly resolve?: (connection: Connection) => Connection;
  /** @throws DittoError for a connection that cannot run */
  readonly compile: (connection: Connection) => CompiledConnection;
  /** Where signals go that the sources deliver, and where those for the targets come from. */
  readonly dispatcher: TwinService;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: LineConfig;
  /** An id for clients of connections with several of them. */
  readonly createId: () => string;
  /** Resolves when every connection that is to be open has been asked to open; absent: at once. */
  readonly recovered?: Promise<void>;
  /** Absent: messages are not traced. */
  readonly tracer?: Tracer | undefined;
  /** Absent: the time that log entries take is not told. */
  readonly logTimings?: LogTimings | undefined;
  readonly probe?: SocketProbe;
  /** Absent: connections that ask for a tunnel fail. */
  readonly openTunnel?: OpenTunnel;
  readonly random?: () => number;
}

/** What outlives the sessions of one client: unfinished publishes, and what a broker session has left. */
interface Kept {
  readonly outbox: Outbox;
  readonly carry: Map<string, unknown>;
  readonly clientId: string;
}

/** Sessions, and what can be seen of them. */
export interface ObservedSessions extends ClientSessions {
  /** Every connection that has been touched since the process started and is not deleted. */
  observed(): Iterable<ObservedConnection>;
  monitor(connectionId: string): Monitor;
}

export interface ObservedConnection {
  readonly connectionId: string;
  readonly monitor: Monitor;
  /** States of its clients. */
  readonly clients: readonly SessionStatus['state'][];
}

const testSucceeded = 'Success(successfully connected + initialized mapper)';

/** The one way to clients and their lines, for the composition root. */
export function createClientSessions(options: ClientSessionsOptions): ObservedSessions {
  const { adapters, compile, dispatcher, clock, log, config, createId } = options;
  const resolve = options.resolve ?? ((connection) => connection);
  const adapterOf = adapterRegistry(adapters);
  const monitors = new Map<string, Monitor>();
  const kept = new Map<string, Map<number, Kept>>();
  const states = new Map<string, SessionStatus['state'][]>();
  const reach: ReachOptions = {
    probe: options.probe ?? tcpProbe,
    probeTimeoutMs: config.client.socketProbeTimeoutMs,
    openTunnel: options.openTunnel,
    clock,
  };
  const desk = new AnswerDesk(clock);

  const monitorOf = (connectionId: string): Monitor => {
    const known = monitors.get(connectionId);
    if (known !== undefined) return known;
    const { publishLog, logs: limits } = config;
    const monitor = new Monitor({
      connectionId,
      clock,
      limits,
      publishLog: publishLog && ((kind) => publishLog(connectionId, kind)),
      tracer: options.tracer,
      logTimings: options.logTimings,
      throttleRule: (type) => throttleRule(config.maxInFlight, config.throttling?.[type]),
    });
    monitors.set(connectionId, monitor);
    return monitor;
  };

  const keptOf = (connection: Connection, clientIndex: number): Kept => {
    const clients = kept.get(connection.id) ?? new Map<number, Kept>();
    kept.set(connection.id, clients);
    const known = clients.get(clientIndex);
    if (known !== undefined) return known;
    const { publishTimeoutMs: timeoutMs, maxUnsourced, settle: mode } = config;
    const fresh: Kept = {
      outbox: new Outbox({ clock, timeoutMs, maxUnsourced, mode }),
      carry: new Map(),
      clientId: connection.clientCount > 1 ? `${connection.id}_${createId()}` : connection.id,
    };
    clients.set(clientIndex, fresh);
    return fresh;
  };

  /** The first client of a connection begins a new list: what its predecessors still say is written to theirs. */
  const statesOf = (connectionId: string, clientIndex: number): SessionStatus['state'][] => {
    const known = clientIndex === 0 ? undefined : states.get(connectionId);
    const ofConnection = known ?? [];
    states.set(connectionId, ofConnection);
    return ofConnection;
  };

  const contextOf = (
    connection: Connection,
    clientId: string,
    carry: Map<string, unknown>,
  ): ClientContext => ({
    clock,
    log: log.child({ connectionId: connection.id }),
    clientId,
    maxInboundBytes: config.maxInboundBytes,
    maxInFlight: config.maxInFlight,
    config: config.protocols[connection.connectionType] ?? {},
    carry,
  });

  return {
    validate(connection) {
      compile(resolve(connection));
    },
    monitor: monitorOf,
    *observed() {
      for (const [connectionId, monitor] of monitors)
        yield { connectionId, monitor, clients: states.get(connectionId) ?? [] };
    },
    forget(connectionId) {
      states.delete(connectionId);
      monitors.get(connectionId)?.endTails();
      monitors.delete(connectionId);
      kept.delete(connectionId);
    },
    create(given, clientIndex, onStatus): ClientSession {
      const connection = resolve(given);
      const monitor = monitorOf(connection.id);
      if (clientIndex === 0) monitor.initialise(connection);
      const ofConnection = statesOf(connection.id, clientIndex);
      const { outbox, carry, clientId } = keptOf(connection, clientIndex);
      const line = new Line({
        compiled: compile(connection),
        clientIndex,
        twin: dispatcher,
        desk,
        outbox,
        monitor,
        clock,
        config,
      });
      return new Session({
        connection,
        clientIndex,
        adapter: adapterOf(connection.connectionType),
        line,
        outbox,
        monitor,
        clock,
        log,
        config,
        context: contextOf(connection, clientId, carry),
        reach,
        random: options.random ?? Math.random,
        recovered: options.recovered ?? Promise.resolve(),
        onStatus(status) {
          ofConnection[clientIndex] = status.state;
          onStatus(status);
        },
      });
    },
    async test(given) {
      const connection = resolve(given);
      compile(connection);
      const adapter = adapterOf(connection.connectionType);
      if (adapter === undefined) {
        throw connectionFailed(
          connection.id,
          `Connections of type '${connection.connectionType}' are not supported.`,
        );
      }
      const context = contextOf(connection, `${connection.id}_${createId()}`, new Map());
      await testInTime(
        testThrough(adapter, connection, context, reach),
        connection.id,
        clock,
        config.client.testingTimeoutMs,
      );
      return testSucceeded;
    },
  };
}

/** A test has no log: what the tunnel notes is in its failure. */
async function testThrough(
  adapter: ProtocolAdapter,
  connection: Connection,
  context: ClientContext,
  reach: ReachOptions,
): Promise<void> {
  const way = { connection, adapter, context };
  const tunnel = await reachBroker(way, reach, { lost: () => {}, note: () => {} });
  try {
    await adapter.test(connection, tunnel === undefined ? context : { ...context, tunnel: tunnel.end });
  } finally {
    await tunnel?.close();
  }
}

/** @throws Error when two adapters serve one type */
function adapterRegistry(
  adapters: readonly ProtocolAdapter[],
): (type: ConnectionType) => ProtocolAdapter | undefined {
  const byType = new Map<ConnectionType, ProtocolAdapter>();
  for (const adapter of adapters) {
    for (const type of adapter.connectionTypes) {
      if (byType.has(type)) throw new Error(`Two protocol adapters serve '${type}'.`);
      byType.set(type, adapter);
    }
  }
  return (type) => byType.get(type);
}

/** @throws DittoError */
function testInTime(test: Promise<void>, connectionId: string, clock: Clock, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => {
      const seconds = limitMs / 1_000;
      reject(
        connectionFailed(connectionId, `Failed to open requested connection within <${seconds}> seconds!`),
      );
    });
    test.then(
      () => {
        cancel();
        resolve();
      },
      (error: unknown) => {
        cancel();
        reject(failureReply(connectionId, error, innermostMessage(error)));
      },
    );
  });
}
