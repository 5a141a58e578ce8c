import { Registry } from 'prom-client';
import type { Engine } from '../composeEngine.ts';
import { registerConnectionMetrics } from './connectionMetrics.ts';
import type { OpenLogPublisher } from './openLogPublisher.ts';
import { registerProcessMetrics } from './processMetrics.ts';

export type Observed = Pick<
  Engine,
  'sessions' | 'journalTiming' | 'logTimings' | 'scriptRestarts' | 'stats' | 'twinStats'
> & {
  readonly logPublisher: Pick<OpenLogPublisher, 'state'> | undefined;
};

/** What is told of a running engine. @param maxConnections shown one by one */
export function createMetricsRegistry(engine: Observed, maxConnections: number): Registry {
  const registry = new Registry();
  const stats = () => engine.stats();
  registerProcessMetrics(registry, {
    mailboxes: () => stats().kernel.mailboxes,
    deadLetters: () => ({ ...stats().kernel.deadLetters }),
    connections: () => {
      const { awake, backingOff, corrupt, waitingToOpen } = stats().connections;
      return { awake, backingOff, corrupt: corrupt.length, waitingToOpen };
    },
    scriptRestarts: engine.scriptRestarts,
    twin: engine.twinStats,
    logPublisher: engine.logPublisher?.state,
    journal: engine.journalTiming,
    log: engine.logTimings,
  });
  registerConnectionMetrics(registry, engine.sessions, maxConnections);
  return registry;
}
