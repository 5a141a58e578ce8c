import { loggerLevels } from './loggerConfig.ts';
import { detailLevels, healthStatuses } from './statusInfo.ts';

/* JSON Schemas (draft 2020-12) of what operators send and get beside the commands of connections. */

export const loggerConfigSchema = {
  title: 'Logger configuration',
  type: 'object',
  properties: {
    level: { description: `${loggerLevels.join(', ')}; in any case.`, type: 'string', examples: ['debug'] },
    logger: { description: 'Name of the logger; the root when absent.', type: 'string' },
  },
  required: ['level'],
} as const;

/** Of one process: `devops.responses:…`. */
const devopsResponse = <P extends object>(type: string, status: object, properties: P) =>
  ({
    title: type.slice(type.indexOf(':') + 1),
    type: 'object',
    properties: {
      type: { const: type },
      status,
      serviceName: { type: 'string' },
      instance: { type: 'string' },
      ...properties,
    },
    required: ['type', 'status', 'serviceName', 'instance', ...Object.keys(properties)],
  }) as const;

export const loggerConfigsSchema = devopsResponse(
  'devops.responses:retrieveLoggerConfig',
  { const: 200 },
  {
    loggerConfigs: { type: 'array', items: loggerConfigSchema },
  },
);

export const changedLogLevelSchema = devopsResponse(
  'devops.responses:changeLogLevel',
  { enum: [200, 500] },
  { successful: { type: 'boolean', description: 'Whether the level was applied.' } },
);

/** A command was not understood, or nobody answered it in time. */
export const devopsErrorResponseSchema = {
  title: 'DevOps error response',
  type: 'object',
  properties: {
    type: { const: 'devops.responses:errorResponse' },
    status: { type: 'integer' },
    serviceName: { type: ['string', 'null'] },
    instance: { type: ['string', 'null'] },
    payload: { type: 'object', description: 'The error.' },
  },
  required: ['type', 'status', 'serviceName', 'instance', 'payload'],
} as const;

export const configSchema = {
  title: 'Configuration',
  type: 'object',
  properties: {
    type: { const: 'common.responses:retrieveConfig' },
    status: { const: 200 },
    config: { description: 'The value below the path; an object with `error` for an unknown path.' },
  },
  required: ['type', 'status', 'config'],
} as const;

/** `self`: reference to this schema where it is published. */
export const statusInfoSchema = (self: string) =>
  ({
    title: 'Health',
    description: 'Health of a part and of the parts below it.',
    type: 'object',
    properties: {
      label: { type: 'string' },
      status: { enum: healthStatuses },
      details: {
        type: 'array',
        items: {
          type: 'object',
          properties: Object.fromEntries(
            detailLevels.map((level) => [level, { type: ['string', 'object'] }]),
          ),
          additionalProperties: false,
        },
      },
      children: { type: 'array', items: { $ref: self } },
    },
    required: ['status'],
    additionalProperties: false,
  }) as const;
