import { type Timing, timingBounds } from '@hawser/actors';
import type { Metric } from 'prom-client';

/** A timing and the labels that it is shown with. */
export type LabelledTiming = readonly [Readonly<Record<string, string>>, Timing];

/**
 * Shows timings that the pipeline keeps in plain memory: prom-client's own histogram would look its labels up for each
 * message.
 */
export function plainHistogram(name: string, help: string, read: () => Iterable<LabelledTiming>): Metric {
  const values = () => [...read()].flatMap(([labels, timing]) => bucketsOf(name, labels, timing));
  const metric = {
    name,
    aggregator: 'sum',
    get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: values() }),
    reset: () => undefined,
  };
  return metric as unknown as Metric;
}

function bucketsOf(name: string, labels: Readonly<Record<string, string>>, { counts, sum }: Timing) {
  let count = 0;
  const buckets = [...timingBounds, '+Inf'].map((le, i) => {
    count += counts[i] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count, exemplar: null };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
