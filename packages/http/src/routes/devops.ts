import express, { type Router } from 'express';
import { answer, methodNotAllowed } from '../httpAnswer.ts';
import { fullOnly } from '../viewer/readOnly.ts';
import { devopsConfig } from './devopsConfig.ts';
import { changeLogLevel, retrieveLoggers } from './devopsLogging.ts';
import { PiggybackDoor, type PiggybackParts } from './piggyback.ts';

/** Optional `/{service}/{instance}` after a path of `/devops`. */
const ANY_MEMBER = ['', '/:service', '/:service/:instance'];
const below = (path: string): readonly string[] => ANY_MEMBER.map((member) => `${path}${member}`);

/** `/devops` (gateway/.../routes/devops/DevOpsRoute.java). */
export function devopsRouter(parts: PiggybackParts): Router {
  const { service } = parts;
  const router = express.Router();
  const piggyback = new PiggybackDoor(parts);
  router
    .route([...below('/piggyback')])
    .post(answer((request, response) => piggyback.execute(request, response)))
    .all(methodNotAllowed('POST'));
  router
    .route([...below('/logging')])
    .all(fullOnly)
    .get(answer((request) => retrieveLoggers(service, request)))
    .put(answer((request) => changeLogLevel(service, request)))
    .all(methodNotAllowed('GET', 'PUT'));
  router
    .route([...below('/config')])
    .all(fullOnly)
    .get(answer((request) => devopsConfig(service, request)))
    .all(methodNotAllowed('GET'));
  return router;
}
