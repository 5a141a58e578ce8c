import type { ConnectivityCommands } from '@hawser/core';
import express, { type Router } from 'express';
import { answer, methodNotAllowed } from '../httpAnswer.ts';
import type { ServiceInfo } from '../ports.ts';
import { readOnlyGuard } from '../readOnly.ts';
import { devopsConfig } from './devopsConfig.ts';
import { changeLogLevel, retrieveLoggers } from './devopsLogging.ts';
import { PiggybackDoor } from './piggyback.ts';

/** Optional `/{service}/{instance}` after a path of `/devops`. */
const ANY_MEMBER = ['', '/:service', '/:service/:instance'];
const below = (path: string): readonly string[] => ANY_MEMBER.map((member) => `${path}${member}`);

/** `/devops` (gateway/.../routes/devops/DevOpsRoute.java). */
export function devopsRouter(
  commands: ConnectivityCommands,
  service: ServiceInfo,
  newId: () => string,
): Router {
  const router = express.Router();
  const piggyback = new PiggybackDoor(commands, service, newId);
  router
    .route([...below('/piggyback')])
    .post(answer((request, response) => piggyback.execute(request, response)))
    .all(methodNotAllowed('POST'));
  router
    .route([...below('/logging')])
    .get(answer((request) => retrieveLoggers(service, request)))
    .put(
      readOnlyGuard,
      answer((request) => changeLogLevel(service, request)),
    )
    .all(methodNotAllowed('GET', 'PUT'));
  router
    .route([...below('/config')])
    .get(answer((request) => devopsConfig(service, request)))
    .all(methodNotAllowed('GET'));
  return router;
}
