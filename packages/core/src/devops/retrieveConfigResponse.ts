import type { JsonObject, JsonValue } from '../json/jsonValue.ts';

/** `common.responses:retrieveConfig`; what is asked for and not there is told inside the answer (base/service/.../RetrieveConfigBehavior.java). */
export const retrieveConfigResponse = (
  path: string | undefined,
  config: JsonValue | undefined,
): JsonObject => ({
  type: 'common.responses:retrieveConfig',
  status: 200,
  config: config ?? { error: `No configuration setting found for key '${path ?? ''}'` },
});
