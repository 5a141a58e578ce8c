import type { JsonObject } from '@hawser/core';
import express, { type RequestHandler, type Router } from 'express';
import { answer, type HttpAnswer } from '../httpAnswer.ts';
import type { ServiceInfo, StatusInfo } from '../ports.ts';

/** `/alive`, `/ready` for orchestrators; Ditto's `/health` and `/status` without, `/overall` with authentication. */
export function healthRouter(service: ServiceInfo, statusAuth: RequestHandler): Router {
  const router = express.Router();
  const get = (path: string, handler: () => HttpAnswer | Promise<HttpAnswer>): void => {
    router
      .route(path)
      .get(answer(handler))
      .all((_request, response) => {
        response.status(405).set('Allow', 'GET').end();
      });
  };
  get('/alive', () => ({ status: 200, json: { status: 'UP' } }));
  get('/ready', async () =>
    (await service.isReady()) ? up('UP') : { status: 503, json: { status: 'DOWN' } },
  );
  get('/health', async () => up((await service.health()).status));
  get('/status', () => ({ status: 200, json: service.staticStatus() }));
  get('/status/health', async () => healthAnswer(await service.health()));
  get('/status/cluster', () => ({ status: 200, json: cluster(service) }));
  router.use('/overall', statusAuth);
  get('/overall/status', () => ({
    status: 200,
    json: { roles: { [service.serviceName]: { [service.instance]: service.staticStatus() } } },
  }));
  get('/overall/status/health', async () => healthAnswer(overall(service, await service.health())));
  get('/overall/status/cluster', () => ({ status: 200, json: cluster(service) }));
  return router;
}

const isHealthy = (status: StatusInfo['status']): boolean => status !== 'DOWN';

const up = (status: StatusInfo['status']): HttpAnswer => ({
  status: isHealthy(status) ? 200 : 503,
  json: { status: isHealthy(status) ? 'UP' : 'DOWN' },
});

const healthAnswer = (info: StatusInfo): HttpAnswer => ({
  status: isHealthy(info.status) ? 200 : 503,
  json: info as unknown as JsonObject,
});

/** Ditto's tree of the whole system, here of one member. */
function overall(service: ServiceInfo, own: StatusInfo): StatusInfo {
  return {
    label: 'roles',
    status: own.status,
    children: [
      {
        label: 'expected-roles',
        status: 'UP',
        details: [{ INFO: { 'missing-roles': [], 'extra-roles': [] } }],
      },
      { label: service.serviceName, status: own.status, children: [{ ...own, label: service.instance }] },
    ],
  };
}

const cluster = (service: ServiceInfo): JsonObject => ({
  self: service.instance,
  leader: service.instance,
  members: [{ address: service.instance, roles: [service.serviceName], status: 'Up' }],
  unreachable: [],
});
