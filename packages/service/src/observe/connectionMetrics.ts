import { type ObservedConnection, type ObservedSessions, Timing } from '@hawser/actors';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type LabelledTiming, plainHistogram } from './plainHistogram.ts';

/** Stands for all connections beyond those that are shown one by one. */
const others = '_others';

/** A connection as it is shown: by its own name, or as one of the others. */
interface Shown extends ObservedConnection {
  readonly id: string;
  readonly type: string;
}

/**
 * What Ditto shows of connections, under its names (connectivity/service/.../monitoring/metrics/). Everything is read
 * when somebody scrapes: a message costs nothing more.
 *
 * @param maxConnections more are shown as one, so that the number of series is bounded
 */
export function registerConnectionMetrics(
  registry: Registry,
  sessions: ObservedSessions,
  maxConnections: number,
): void {
  const shown = () => shownOf(sessions, maxConnections);
  registerMessages(registry, shown);
  registerStatuses(registry, shown);
  registerGauges(registry, shown);
  registerTimings(registry, shown);
}

function* shownOf(sessions: ObservedSessions, maxConnections: number): Generator<Shown> {
  let n = 0;
  for (const connection of sessions.observed()) {
    const isOne = n++ < maxConnections;
    const id = isOne ? connection.connectionId : others;
    const type = isOne ? (connection.monitor.connectionType ?? 'unknown') : others;
    yield { ...connection, id, type };
  }
}

function registerMessages(registry: Registry, shown: () => Iterable<Shown>): void {
  registry.registerMetric(
    new Counter({
      name: 'connection_messages',
      help: 'Messages of connections by metric type, direction and success.',
      labelNames: ['id', 'type', 'category', 'direction', 'success'],
      registers: [],
      collect() {
        this.reset();
        for (const { id, type, monitor } of shown()) {
          for (const { direction, metric: category, success, failure } of monitor.totals()) {
            this.inc({ id, type, category, direction, success: 'true' }, success);
            this.inc({ id, type, category, direction, success: 'false' }, failure);
          }
        }
      },
    }),
  );
}

function registerStatuses(registry: Registry, shown: () => Iterable<Shown>): void {
  registry.registerMetric(
    new Counter({
      name: 'connection_live_status_reported',
      help: 'Self-checks of connections that should be open, by the live status that they have found.',
      labelNames: ['connectionId', 'connectionType', 'status'],
      registers: [],
      collect() {
        this.reset();
        for (const { id: connectionId, type: connectionType, monitor } of shown()) {
          for (const [status, count] of monitor.reportedStatuses)
            this.inc({ connectionId, connectionType, status }, count);
        }
      },
    }),
  );
}

function registerGauges(registry: Registry, shown: () => Iterable<Shown>): void {
  const gauge = (
    name: string,
    help: string,
    labels: readonly [string, string],
    value: (connection: Shown) => number,
  ): void =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [],
        collect() {
          this.reset();
          const [id, type] = labels;
          for (const each of shown()) this.inc({ [id]: each.id, [type]: each.type }, value(each));
        },
      }),
    );
  const clientsIn =
    (state: ObservedConnection['clients'][number]) =>
    ({ clients }: Shown) =>
      clients.filter((each) => each === state).length;
  gauge('connection_client', 'Clients that are connected.', ['id', 'type'], clientsIn('connected'));
  gauge('connecting_client', 'Clients that are connecting.', ['id', 'type'], clientsIn('connecting'));
  gauge(
    'connectivity_ack_handling_counter',
    'Source messages that are not settled.',
    ['ditto_connection_id', 'ditto_connection_type'],
    ({ monitor }) => monitor.inFlight,
  );
}

function registerTimings(registry: Registry, shown: () => Iterable<Shown>): void {
  registry.registerMetric(
    plainHistogram('connectivity_ack_handling_seconds', 'From receipt to settlement.', () =>
      summed(shown(), ackHandling),
    ),
  );
  registry.registerMetric(
    plainHistogram('message_mapping_seconds', 'Payload mapping of a message.', () =>
      summed(shown(), ({ monitor }) =>
        [...monitor.timings.mapping].map(([key, timing]) => {
          const [direction = '', mapper = '', success = ''] = key.split('\n');
          return [{ direction, mapper, success }, timing] as const;
        }),
      ),
    ),
  );
  registry.registerMetric(
    plainHistogram('hawser_publish_seconds', 'From the hand-over to a transport to its confirmation.', () =>
      summed(shown(), ({ id, type, monitor: { timings } }) => [
        [{ id, type, success: 'true' }, timings.published],
        [{ id, type, success: 'false' }, timings.publishFailed],
      ]),
    ),
  );
}

function ackHandling({ id, type, monitor: { timings } }: Shown): readonly LabelledTiming[] {
  const labels = { ditto_connection_id: id, ditto_connection_type: type };
  const { accepted, redeliver, rejected } = timings.ackHandling;
  return [
    [{ ...labels, ditto_ack_success: 'true' }, accepted],
    [{ ...labels, ditto_ack_success: 'false', ditto_ack_redeliver: 'true' }, redeliver],
    [{ ...labels, ditto_ack_success: 'false', ditto_ack_redeliver: 'false' }, rejected],
  ];
}

/** Most kinds of labels of one histogram; what is beyond is left out. */
const maxSeries = 5_000;

/** Timings of equal labels are one. */
function summed(
  connections: Iterable<Shown>,
  timingsOf: (connection: Shown) => readonly LabelledTiming[],
): Iterable<LabelledTiming> {
  const sums = new Map<string, LabelledTiming>();
  for (const connection of connections) {
    for (const [labels, timing] of timingsOf(connection)) {
      const key = JSON.stringify(labels);
      const known = sums.get(key)?.[1];
      if (known === undefined && sums.size >= maxSeries) continue;
      const sum = known ?? new Timing();
      sum.addAll(timing);
      sums.set(key, [labels, sum]);
    }
  }
  return sums.values();
}
