import {
  isHealthy,
  type JsonObject,
  labelled,
  type StatusInfo,
  statusInfo,
  statusInfoToJson,
} from '@hawser/core';
import express, { type RequestHandler, type Router } from 'express';
import { answer, type HttpAnswer } from '../httpAnswer.ts';
import type { ServiceInfo } from '../ports.ts';

/** `/alive`, `/ready` for orchestrators, and Ditto's `/health` and `/status`: for anyone. */
export function healthRouter(service: ServiceInfo): Router {
  const { router, get } = gets();
  get('/alive', () => up(true));
  get('/ready', async () => up(await service.isReady()));
  get('/health', async () => up(isHealthy(await service.health())));
  get('/status', () => ({ status: 200, json: service.staticStatus() }));
  get('/status/health', async () => healthAnswer(await service.health()));
  get('/status/cluster', () => ({ status: 200, json: cluster(service) }));
  return router;
}

/** Ditto's status of all members, of which there is one here. */
export function overallRouter(service: ServiceInfo, guard: RequestHandler): Router {
  const { router, get } = gets();
  router.use('/overall', guard);
  get('/overall/status', () => ({
    status: 200,
    json: { roles: { [service.serviceName]: { [service.instance]: service.staticStatus() } } },
  }));
  get('/overall/status/health', async () => healthAnswer(overall(service, await service.health())));
  get('/overall/status/cluster', () => ({ status: 200, json: cluster(service) }));
  return router;
}

/** A router of paths that know no other method. */
function gets() {
  const router = express.Router();
  const get = (path: string, handler: () => HttpAnswer | Promise<HttpAnswer>): void => {
    router
      .route(path)
      .get(answer(handler))
      .all((_request, response) => {
        response.status(405).set('Allow', 'GET').end();
      });
  };
  return { router, get };
}

const up = (isUp: boolean): HttpAnswer => ({
  status: isUp ? 200 : 503,
  json: { status: isUp ? 'UP' : 'DOWN' },
});

const healthAnswer = (info: StatusInfo): HttpAnswer => ({
  status: isHealthy(info) ? 200 : 503,
  json: statusInfoToJson(info),
});

/** Ditto's tree of the whole system, here of one member. */
function overall(service: ServiceInfo, own: StatusInfo): StatusInfo {
  const expected = statusInfo(
    'UP',
    [{ level: 'INFO', message: { 'missing-roles': [], 'extra-roles': [] } }],
    'expected-roles',
  );
  const member = {
    ...statusInfo(own.status, [], service.serviceName),
    children: [labelled(service.instance, own)],
  };
  return { ...statusInfo(own.status, [], 'roles'), children: [expected, member] };
}

const cluster = (service: ServiceInfo): JsonObject => ({
  self: service.instance,
  leader: service.instance,
  members: [{ address: service.instance, roles: [service.serviceName], status: 'Up' }],
  unreachable: [],
});
