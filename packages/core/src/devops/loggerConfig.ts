import { logLevelInvalid } from '../errors/devopsErrors.ts';
import { optionalString, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';

export const loggerLevels = ['off', 'error', 'warn', 'info', 'debug', 'trace', 'all'] as const;
export type LoggerLevel = (typeof loggerLevels)[number];

/** Level of one logger of the service; without a name that of the root (base/api/.../devops/LoggerConfig.java). */
export interface LoggerConfig {
  readonly level: LoggerLevel;
  readonly logger: string | undefined;
}

/** Also the body of `PUT /devops/logging`. @throws DittoError `json.field.missing`, `json.invalid` */
export function loggerConfigFromJson(json: JsonObject): LoggerConfig {
  const text = requiredString(json, 'level').toLowerCase();
  const level = loggerLevels.find((name) => name === text);
  if (level === undefined) throw logLevelInvalid();
  return { level, logger: optionalString(json, 'logger') };
}

export const loggerConfigToJson = ({ level, logger }: LoggerConfig): JsonObject => ({
  level,
  ...(logger === undefined ? {} : { logger }),
});
