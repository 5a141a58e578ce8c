import type { InProcessTwin, LogTimings, Timing } from '@hawser/actors';
import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { ForwarderState } from './fluentdForwarder.ts';
import { plainHistogram } from './plainHistogram.ts';

/** What is read of the process when somebody scrapes. */
export interface ProcessSources {
  readonly mailboxes: () => { readonly queued: number; readonly deepest: number };
  readonly deadLetters: () => Readonly<Record<string, number>>;
  readonly connections: () => Readonly<Record<string, number>>;
  /** Threads of mapping scripts that were started again. */
  readonly scriptRestarts: () => number;
  readonly twin: () => ReturnType<InProcessTwin['stats']>;
  readonly logPublisher: (() => ForwarderState) | undefined;
  readonly journal: Timing;
  readonly log: LogTimings;
}

/** Of the process as a whole; Node's own (event loop, memory, garbage) under prom-client's names. */
export function registerProcessMetrics(registry: Registry, sources: ProcessSources): void {
  collectDefaultMetrics({ register: registry });
  gauge(registry, 'hawser_actor_mailbox_messages', 'Messages that wait in mailboxes.', 'of', () => {
    const { queued, deepest } = sources.mailboxes();
    return { all: queued, deepest };
  });
  gauge(registry, 'hawser_connections', 'Connections by what their actors do.', 'state', sources.connections);
  counter(
    registry,
    'hawser_dead_letters_total',
    'Messages that no actor took.',
    'reason',
    sources.deadLetters,
  );
  counter(
    registry,
    'hawser_script_worker_restarts_total',
    'Threads of mapping scripts that were started again.',
    'kind',
    () => ({ script: sources.scriptRestarts() }),
  );
  const ofTwin = (key: 'changes' | 'failures' | 'waiting' | 'cached') => () => {
    const { things, policies } = sources.twin();
    return { things: things[key], policies: policies[key] };
  };
  counter(registry, 'hawser_twin_changes_total', 'Events that were written.', 'of', ofTwin('changes'));
  counter(
    registry,
    'hawser_twin_failures_total',
    'Signals for things or policies that the store failed.',
    'of',
    ofTwin('failures'),
  );
  gauge(registry, 'hawser_twin_waiting', 'Signals that wait for a thing or policy.', 'of', ofTwin('waiting'));
  gauge(registry, 'hawser_twin_cached', 'Things and policies in memory.', 'of', ofTwin('cached'));
  registry.registerMetric(
    plainHistogram('hawser_journal_append_seconds', 'Writes of the journal.', () => [[{}, sources.journal]]),
  );
  const { prepared, stored } = sources.log;
  registry.registerMetric(
    plainHistogram('connection_log_seconds', 'Entries of the logs of connections, one in 61.', () => [
      [{ segment: 'message_prepared' }, prepared.timing],
      [{ segment: 'message_internally_logged' }, stored.timing],
    ]),
  );
  const { logPublisher } = sources;
  if (logPublisher === undefined) return;
  counter(registry, 'hawser_log_entries_total', 'Log entries for Fluentd.', 'outcome', () => {
    const { sent, dropped } = logPublisher();
    return { sent, dropped };
  });
  gauge(registry, 'hawser_log_buffer_bytes', 'Log entries that wait for Fluentd.', 'of', () => ({
    all: logPublisher().waitingBytes,
  }));
}

type Read = () => Readonly<Record<string, number>>;

function gauge(registry: Registry, name: string, help: string, label: string, read: Read): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        for (const [value, amount] of Object.entries(read())) this.set({ [label]: value }, amount);
      },
    }),
  );
}

function counter(registry: Registry, name: string, help: string, label: string, read: Read): void {
  registry.registerMetric(
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        this.reset();
        for (const [value, amount] of Object.entries(read())) this.inc({ [label]: value }, amount);
      },
    }),
  );
}
