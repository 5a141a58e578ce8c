import type { MetricsPage } from '@hawser/http';
import { Registry } from 'prom-client';
import type { Engine } from '../composeEngine.ts';
import { registerConnectionMetrics } from './connectionMetrics.ts';
import { registerProcessMetrics } from './processMetrics.ts';

/** `/metrics` of a running engine. @param maxConnections shown one by one */
export function createMetricsPage(engine: Engine, maxConnections: number): MetricsPage {
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
