import { gatewayTimeoutInvalid } from '../errors/gatewayErrors.ts';
import { jsonFieldMissing, jsonNotAnObject, jsonWrongType } from '../errors/jsonErrors.ts';
import { optionalString, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import { readJson } from '../json/readJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { buildHeaders, headersFromJson, headersToJson } from '../protocol/dittoHeaders.ts';
import { parseTimeoutMs } from '../protocol/timeout.ts';

/** `ditto.gateway.http.query-params-as-headers`: the query parameters that count as headers, all others are ignored. */
export const queryParametersAsHeaders: readonly string[] = [
  'accept',
  'channel',
  'correlation-id',
  'requested-acks',
  'declared-acks',
  'response-required',
  'timeout',
  'live-channel-timeout-strategy',
  'allow-policy-lockout',
  'condition',
  'live-channel-condition',
  'at-historical-revision',
  'at-historical-timestamp',
  'dry-run',
];

/** A command inside a command, and the actor that is to get it (base/api/.../devops/.../ExecutePiggybackCommand.java). */
export interface PiggybackCommand {
  /** `null` addresses every service. */
  readonly serviceName: string | null;
  readonly instance: string | null;
  readonly targetActorSelection: string;
  readonly headers: DittoHeaders;
  /** `null` is taken and then answered as a command of unknown type. */
  readonly piggybackCommand: JsonObject | null;
}

export interface PiggybackRequest {
  readonly body: string;
  /** Decoded query parameters; of several with one name the last. */
  readonly query?: Readonly<Record<string, string>>;
  /** Path segments; they win over the body. */
  readonly serviceName?: string | undefined;
  readonly instance?: string | undefined;
  /** In place of a missing `correlation-id`. */
  readonly correlationId: string;
  /** Upper bound of the query parameter `timeout`. */
  readonly maxTimeoutMs?: number;
}

const MAX_TIMEOUT_MS = 60_000;

/**
 * Reads `POST /devops/piggyback` (gateway/service/.../endpoints/routes/devops/DevOpsRoute.java).
 *
 * @throws DittoError what is answered with HTTP 400
 */
export function parsePiggybackRequest(request: PiggybackRequest): PiggybackCommand {
  const query = queryHeaders(request.query ?? {}, request.maxTimeoutMs ?? MAX_TIMEOUT_MS);
  const json = parseBody(request.body);
  const targetActorSelection = requiredString(json, 'targetActorSelection');
  // a segment of the path takes the place of the member, whatever that is
  const serviceName = request.serviceName ?? optionalString(json, 'serviceName') ?? null;
  const instance = request.instance ?? optionalString(json, 'instance') ?? null;
  const headersJson = readHeaders(json);
  const piggybackCommand = readPiggybackCommand(json);
  const headers = { ...query, ...headersFromJson(withLowerCaseKeys(headersJson)) };
  return {
    serviceName,
    instance,
    targetActorSelection,
    headers: { 'correlation-id': request.correlationId, ...headers },
    piggybackCommand,
  };
}

/** `devops.commands:executePiggybackCommand` */
export const piggybackCommandToJson = (command: PiggybackCommand): JsonObject => ({
  type: 'devops.commands:executePiggybackCommand',
  serviceName: command.serviceName,
  instance: command.instance,
  targetActorSelection: command.targetActorSelection,
  headers: headersToJson(command.headers),
  piggybackCommand: command.piggybackCommand,
});

/** @throws DittoError `json.field.missing`, `json.invalid` */
export function readPiggybackCommand(json: JsonObject): JsonObject | null {
  const value = Object.hasOwn(json, 'piggybackCommand') ? json['piggybackCommand'] : undefined;
  if (value === undefined) throw jsonFieldMissing('/piggybackCommand');
  if (value === null || isJsonObject(value)) return value;
  throw jsonWrongType('/piggybackCommand', value, 'JsonObject');
}

/** Whether all answers are to be nested by service and instance, or the first one is the answer. */
export const isAggregated = (headers: DittoHeaders): boolean =>
  (headers['aggregate'] ?? 'true').toLowerCase() === 'true';

/** Whether the command goes to one member of each group of subscribers only. */
export const isGroupTopic = (headers: DittoHeaders): boolean =>
  (headers['is-group-topic'] ?? 'false').toLowerCase() !== 'false';

function queryHeaders(query: Readonly<Record<string, string>>, maxTimeoutMs: number): DittoHeaders {
  const headers = Object.entries(query).filter(([key]) => queryParametersAsHeaders.includes(key));
  const timeout = headers.find(([key]) => key === 'timeout')?.[1];
  const timeoutMs = timeout === undefined ? 0 : parseTimeoutMs(timeout);
  if (timeoutMs > maxTimeoutMs) throw gatewayTimeoutInvalid(timeoutMs, maxTimeoutMs);
  return buildHeaders(Object.fromEntries(headers));
}

function parseBody(body: string): JsonObject {
  const value = readJson(body);
  if (value === null) throw jsonFieldMissing('/type');
  if (!isJsonObject(value)) throw jsonNotAnObject(value);
  return value;
}

const withLowerCaseKeys = (json: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(json).map(([key, value]) => [key.toLowerCase(), value]));

function readHeaders(json: JsonObject): JsonObject {
  const value = Object.hasOwn(json, 'headers') ? json['headers'] : undefined;
  if (value === undefined) throw jsonFieldMissing('/headers');
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  throw jsonWrongType('/headers', value, 'JsonObject');
}
