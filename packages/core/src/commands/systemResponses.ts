import { type StatusInfo, statusInfoToJson } from '../devops/statusInfo.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';

/* Answers to commands of operators (base/api/.../common/*Response.java, internal/utils/health/.../RetrieveHealthResponse.java). */

export const retrieveHealthResponse = (info: StatusInfo): JsonObject => ({
  type: 'status.responses:retrieveHealth',
  status: 200,
  statusInfo: statusInfoToJson(info),
});

export const configResponse = (name: 'retrieveConfig' | 'modifyConfig', config: JsonValue): JsonObject => ({
  type: `common.responses:${name}`,
  status: 200,
  config,
});

/** What is asked for and not there is told inside the answer (base/service/.../RetrieveConfigBehavior.java). */
export const retrieveConfigResponse = (path: string | undefined, found: JsonValue | undefined): JsonObject =>
  configResponse(
    'retrieveConfig',
    found ?? { error: `No configuration setting found for key '${path ?? ''}'` },
  );

export const shutdownResponse = (message: string): JsonObject => ({
  type: 'common.responses:shutdown',
  status: 200,
  message,
});
