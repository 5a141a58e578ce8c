import { isJsonObject, type JsonObject, type JsonValue } from '@hawser/core';
import type { Request } from 'express';
import type { ServiceInfo } from '../ports.ts';

/** This service's instance, when the path names it, its service, or nobody. */
export function memberOf(service: ServiceInfo, request: Request): string | undefined {
  const { service: name, instance } = request.params;
  if (name !== undefined && name !== service.serviceName) return undefined;
  return instance === undefined || instance === service.instance ? service.instance : undefined;
}

/** The part below `/{service}/{instance}` of a nested answer; null when there is none. */
export function partOf(whole: JsonObject, request: Request): JsonValue {
  let part: JsonValue = whole;
  for (const name of [request.params['service'], request.params['instance']]) {
    if (typeof name !== 'string') return part;
    part = (isJsonObject(part) && Object.hasOwn(part, name) ? part[name] : undefined) ?? null;
  }
  return part;
}
