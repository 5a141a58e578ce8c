import { retrieveConfigResponse } from '@hawser/core';
import type { Request } from 'express';
import type { HttpAnswer } from '../httpAnswer.ts';
import type { ServiceInfo } from '../ports.ts';
import { queryOf } from '../requestHeaders.ts';
import { memberOf } from './members.ts';

/** `GET /devops/config?path=…`: the configuration with secrets masked; fully nested unless service and instance are given. */
export function devopsConfig(service: ServiceInfo, request: Request): HttpAnswer {
  if (memberOf(service, request) === undefined) return { status: 408, json: null };
  const path = queryOf(request).get('path');
  const leaf = retrieveConfigResponse(path, service.configAt(path));
  if (request.params['instance'] !== undefined) return { status: 200, json: leaf };
  return { status: 200, json: { [service.serviceName]: { [service.instance]: leaf } } };
}
