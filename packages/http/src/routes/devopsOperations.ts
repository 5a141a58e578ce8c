import { queryParametersAsHeaders } from '@hawser/core';
import {
  type Answer,
  empty,
  error,
  json,
  type Operation,
  type Parameter,
  query,
  ref,
  type Schema,
  segment,
} from '../openapi/operation.ts';

/** Who is addressed: everyone, a service, or one instance of it. */
interface Place {
  readonly suffix: string;
  readonly parameters: readonly Parameter[];
  readonly name: '' | 'OfService' | 'OfInstance';
  readonly words: string;
}

const service = segment('service', 'Name of the service: `connectivity`.');
const instance = segment('instance', 'Id of the instance: INSTANCE_INDEX, else the host name.');
const places: readonly Place[] = [
  { suffix: '', parameters: [], name: '', words: 'all services' },
  { suffix: '/{service}', parameters: [service], name: 'OfService', words: 'a service' },
  {
    suffix: '/{service}/{instance}',
    parameters: [service, instance],
    name: 'OfInstance',
    words: 'one instance',
  },
];

/** As answers nest: by service, then by instance; a path leaves out the levels that it names. */
function nestedAt({ name }: Place, leaf: Schema): Schema {
  const byInstance = { type: 'object', additionalProperties: leaf };
  if (name === 'OfInstance') return { anyOf: [leaf, { type: 'null' }] };
  if (name === 'OfService') return { anyOf: [byInstance, { type: 'null' }] };
  return { type: 'object', additionalProperties: byInstance };
}

const forbidden = error('The user may only read.');
const nobody: Answer = json('Nobody of this name answers.', { type: 'null' });

const createExample = {
  targetActorSelection: '/system/sharding/connection',
  headers: { aggregate: false },
  piggybackCommand: {
    type: 'connectivity.commands:createConnection',
    connection: {
      id: 'devices-in',
      connectionType: 'mqtt',
      connectionStatus: 'closed',
      uri: 'tcp://127.0.0.1:1883',
      sources: [{ addresses: ['devices/#'], qos: 1, authorizationContext: ['demo:devices'] }],
    },
  },
};

const idsExample = {
  targetActorSelection: '/user/connectivityRoot/connectionIdsRetrieval/singleton',
  headers: { aggregate: false },
  piggybackCommand: { type: 'connectivity.commands:retrieveAllConnectionIds' },
};

const piggyback = (place: Place): Operation => ({
  method: 'post',
  path: `/devops/piggyback${place.suffix}`,
  operationId: `piggyback${place.name}`,
  tag: 'DevOps',
  summary: `Send a command to an actor of ${place.words}`,
  description: `Whatever the actor answers, also an error, is HTTP 200: the status of the answer stands inside. Query parameters that count as headers: ${queryParametersAsHeaders.join(', ')}; headers in the body win.`,
  realm: 'devops',
  parameters: [
    ...place.parameters,
    query('timeout', 'How long the actor may take, e.g. `30s`; at most one minute.', { type: 'string' }),
  ],
  body: {
    description: 'The command, and the actor that is to get it.',
    content: {
      'application/json': {
        schema: ref('PiggybackRequest'),
        examples: {
          create: { summary: 'Create a connection', value: createExample },
          ids: { summary: 'Ids of all connections', value: idsExample },
        },
      },
    },
  },
  answers: {
    200: json('What the actor answered.', ref('PiggybackAnswer')),
    202: empty('The header `response-required` is false.'),
    400: error('The body is no request, or a header is invalid.'),
    403: forbidden,
    408: nobody,
  },
});

const logging = (place: Place): readonly Operation[] => [
  {
    method: 'get',
    path: `/devops/logging${place.suffix}`,
    operationId: `loggers${place.name}`,
    tag: 'DevOps',
    summary: `Log levels of ${place.words}`,
    realm: 'devops',
    parameters: place.parameters,
    answers: { 200: json('The levels.', nestedAt(place, ref('LoggerConfigs'))), 403: forbidden },
  },
  {
    method: 'put',
    path: `/devops/logging${place.suffix}`,
    operationId: `changeLogLevel${place.name}`,
    tag: 'DevOps',
    summary: `Change the log level of ${place.words}`,
    realm: 'devops',
    parameters: place.parameters,
    body: {
      description: 'Logger and level.',
      content: {
        'application/json': {
          schema: ref('LoggerConfig'),
          examples: { debug: { summary: 'Log more', value: { level: 'debug' } } },
        },
      },
    },
    answers: {
      200: json('Whether it was applied.', nestedAt(place, ref('ChangedLogLevel'))),
      400: error('There is no such level.'),
      403: forbidden,
    },
  },
];

const config = (place: Place): Operation => ({
  method: 'get',
  path: `/devops/config${place.suffix}`,
  operationId: `config${place.name}`,
  tag: 'DevOps',
  summary: `Configuration of ${place.words}, secrets masked`,
  realm: 'devops',
  parameters: [
    ...place.parameters,
    query('path', 'Dotted path, e.g. `ditto.connectivity`; the whole configuration when absent.', {
      type: 'string',
    }),
  ],
  answers: {
    200: json(
      'The configuration; nested by service and instance unless both are named.',
      place.name === 'OfInstance'
        ? ref('Config')
        : { type: 'object', additionalProperties: { type: 'object', additionalProperties: ref('Config') } },
    ),
    403: forbidden,
    ...(place.name === '' ? {} : { 408: nobody }),
  },
});

/** What `devopsRouter` answers. */
export const devopsOperations: readonly Operation[] = [
  ...places.map(piggyback),
  ...places.flatMap(logging),
  ...places.map(config),
];
