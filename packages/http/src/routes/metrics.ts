import type { RequestHandler } from 'express';
import type { MetricsPage } from '../ports.ts';

/** `GET /metrics`: what Prometheus scrapes. Beyond Ditto, whose services have a port of their own for it. */
export function metricsRoute(page: MetricsPage): RequestHandler {
  return async (_request, response) => {
    const text = await page.render();
    response.status(200).set('content-type', page.contentType).send(text);
  };
}
