import { type JsonObject, type JsonValue, loggerConfigFromJson } from '@hawser/core';
import type { Request } from 'express';
import { bodyText, objectOf } from '../body.ts';
import type { HttpAnswer } from '../httpAnswer.ts';
import type { ServiceInfo } from '../ports.ts';
import { memberOf, partOf } from './members.ts';

/** `GET /devops/logging`: the level of the application log; Hawser has one logger, the root. */
export function retrieveLoggers(service: ServiceInfo, request: Request): HttpAnswer {
  return nested(service, request, {
    type: 'devops.responses:retrieveLoggerConfig',
    status: 200,
    serviceName: service.serviceName,
    instance: service.instance,
    loggerConfigs: [{ level: service.logLevel(), logger: 'ROOT' }],
  });
}

/** `PUT /devops/logging`. @throws DittoError `json.invalid` for an unknown level */
export function changeLogLevel(service: ServiceInfo, request: Request): HttpAnswer {
  const { level, logger } = loggerConfigFromJson(objectOf(bodyText(request.body)));
  const isOurs = memberOf(service, request) !== undefined;
  const successful = isOurs && service.setLogLevel(logger, level);
  return nested(service, request, {
    type: 'devops.responses:changeLogLevel',
    status: successful ? 200 : 500,
    serviceName: service.serviceName,
    instance: service.instance,
    successful,
  });
}

/** Always nested by service and instance; a path below names the part that is shown, JSON null when it is not there. */
function nested(service: ServiceInfo, request: Request, leaf: JsonObject): HttpAnswer {
  const whole: JsonObject = { [service.serviceName]: { [service.instance]: leaf } };
  const part: JsonValue = partOf(whole, request);
  return { status: 200, json: part };
}
