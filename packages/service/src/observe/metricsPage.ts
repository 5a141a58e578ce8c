import type { MetricsPage } from '@hawser/http';
import type { Registry } from 'prom-client';
import type { Observed } from './metricsRegistry.ts';

/** The text format of Prometheus. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** The library is read when the service stands: it is no part of getting ready. */
const LOAD_AFTER_MS = 1_000;

/** `/metrics` of a running engine. @param maxConnections shown one by one */
export function createMetricsPage(engine: Observed, maxConnections: number): MetricsPage {
  let registry: Promise<Registry> | undefined;
  const load = (): Promise<Registry> => {
    registry ??= import('./metricsRegistry.ts').then(({ createMetricsRegistry }) =>
      createMetricsRegistry(engine, maxConnections),
    );
    return registry;
  };
  setTimeout(() => void load(), LOAD_AFTER_MS).unref();
  return { contentType: CONTENT_TYPE, render: async () => (await load()).metrics() };
}
