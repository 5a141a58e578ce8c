import type { DittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { isJsonObject } from '../json/jsonValue.ts';

/** Who answered; `null` when that is not known. */
export interface Responder {
  readonly serviceName: string | null;
  readonly instance: string | null;
}

/** `devops.responses:executePiggybackCommand`: what an actor answered, in its own JSON. */
export const piggybackResponse = (from: Responder, status: number, response: JsonObject): JsonObject => ({
  type: 'devops.responses:executePiggybackCommand',
  status,
  serviceName: from.serviceName,
  instance: from.instance,
  response,
});

/** `devops.responses:errorResponse`: the command could not be read, or nobody answered in time. */
export const devOpsErrorResponse = (from: Responder, error: DittoError): JsonObject => ({
  type: 'devops.responses:errorResponse',
  status: error.status,
  serviceName: from.serviceName,
  instance: from.instance,
  payload: error.toJson(),
});

export interface PiggybackAnswer {
  readonly httpStatus: number;
  readonly body: JsonValue;
}

/**
 * The HTTP answer of internal responses in their order of arrival (gateway/service/.../DevOpsRoute.java,
 * base/service/.../devops/DevOpsCommandsActor.java): always 200 when anybody answered, 408 when nobody did.
 */
export function piggybackAnswer(responses: readonly JsonObject[], isAggregated: boolean): PiggybackAnswer {
  const first = responses[0];
  if (first === undefined) return { httpStatus: 408, body: null };
  return { httpStatus: 200, body: isAggregated ? nested(responses) : entityOf(first) };
}

/**
 * By service and instance; `?` for those that are not known, numbered by their position among all responses.
 * A later response of the same place wins.
 */
function nested(responses: readonly JsonObject[]): JsonObject {
  const services = new Map<string, Map<string, JsonValue>>();
  responses.forEach((response, index) => {
    const service = text(response['serviceName']) ?? '?';
    const instance = text(response['instance']) ?? (index === 0 ? '?' : `?${index}`);
    const instances = services.get(service) ?? new Map<string, JsonValue>();
    services.set(service, instances.set(instance, entityOf(response)));
  });
  return Object.fromEntries([...services].map(([service, all]) => [service, Object.fromEntries(all)]));
}

/** What is shown of an internal response: of a wrapped one its content, else itself. */
function entityOf(response: JsonObject): JsonValue {
  const content = response['response'];
  return response['type'] === 'devops.responses:executePiggybackCommand' && isJsonObject(content)
    ? content
    : response;
}

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
