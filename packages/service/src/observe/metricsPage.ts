import type { MetricsPage } from '@hawser/http';
import { Registry } from 'prom-client';
import type { Engine } from '../composeEngine.ts';
import { registerConnectionMetrics } from './connectionMetrics.ts';
import type { OpenLogPublisher } from './openLogPublisher.ts';
import { registerProcessMetrics } from './processMetrics.ts';

type Observed = Pick<Engine, 'sessions' | 'journalTiming' | 'scriptRestarts' | 'stats'> & {
  readonly logPublisher: Pick<OpenLogPublisher, 'state'> | undefined;
};

/** `/metrics` of a running engine. @param maxConnections shown one by one */
export function createMetricsPage(engine: Observed, maxConnections: number): MetricsPage {
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
    logPublisher: engine.logPublisher?.state,
    journal: engine.journalTiming,
  });
  registerConnectionMetrics(registry, engine.sessions, maxConnections);
  return { contentType: registry.contentType, render: () => registry.metrics() };
}
