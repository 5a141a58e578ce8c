import type { Clock, Log } from '@hawser/core';
import type { Config } from '../config/config.ts';
import { instanceOf } from '../instanceOf.ts';
import { createTracing, type Tracing } from './tracing.ts';

const maxSpans = 10_000;
const sendTimeoutMs = 5_000;

/** Undefined when tracing is off. */
export function openTracing(config: Config, clock: Clock, log: Log): Tracing | undefined {
  if (!config['hawser.tracing.enabled']) return undefined;
  const url = `${config['hawser.tracing.endpoint'].replace(/\/+$/, '')}/v1/traces`;
  return createTracing({
    clock,
    log,
    serviceName: 'connectivity',
    instance: instanceOf(config),
    ratio: config['hawser.tracing.ratio'],
    maxSpans,
    send: async (body) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(sendTimeoutMs),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`The collector answers ${response.status}.`);
    },
  });
}
