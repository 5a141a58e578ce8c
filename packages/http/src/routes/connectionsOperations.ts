import {
  type Answer,
  type Body,
  empty,
  error,
  header,
  json,
  type Operation,
  query,
  ref,
  segment,
} from '../openapi/operation.ts';
import { textCommands } from './textCommands.ts';

const COLLECTION = '/api/2/connections';
const ONE = `${COLLECTION}/{connectionId}`;

const connectionId = segment('connectionId', 'Id of the connection.');
const fields = query('fields', 'Only these fields, e.g. `id,name,sources(addresses)`.', { type: 'string' });
const common = [
  query('timeout', 'How long it may take, e.g. `30s`; at most one minute. Also as a header.', {
    type: 'string',
  }),
  query('response-required', '`false`: the answer is 202 without a body. Also as a header.', {
    enum: ['true', 'false'],
  }),
  header('correlation-id', 'Named in the logs and in the answer; made up when absent.'),
];
const preconditions = [
  header('if-match', 'Only if the connection has one of these tags, e.g. `"rev:3"`.'),
  header('if-none-match', 'Only if the connection has none of these tags.'),
];

const etag = { etag: { description: 'Revision of the connection: `"rev:3"`.', schema: { type: 'string' } } };
const location = { location: { description: 'Where the connection is.', schema: { type: 'string' } } };

const notRequired = empty('The header `response-required` is false.');
const invalid = error('Something in the request is invalid.');
const forbidden = error('The user may only read.');
const unknown = error('There is no such connection.');
const late = error('It took longer than the timeout.');
const mediaType = error('The body is of another media type.');
const unmet = error('A precondition does not hold.');
const failed = error('The broker cannot be reached, or refuses.');

const always = { 202: notRequired, 400: invalid, 408: late } satisfies Record<string, Answer>;
const onExisting = { ...always, 404: unknown } satisfies Record<string, Answer>;

const connectionExample = {
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://127.0.0.1:1883',
  sources: [{ addresses: ['devices/#'], qos: 1, authorizationContext: ['demo:devices'] }],
};
const connectionBody = (description: string): Body => ({
  description,
  content: {
    'application/json': {
      schema: ref('NewConnection'),
      examples: { mqtt: { summary: 'Messages of devices from an MQTT broker', value: connectionExample } },
    },
  },
});

const operation = (
  method: Operation['method'],
  path: string,
  operationId: string,
  summary: string,
  rest: Pick<Operation, 'parameters' | 'answers'> & Partial<Operation>,
): Operation => ({
  method,
  path,
  operationId,
  tag: 'Connections',
  summary,
  realm: 'devops',
  ...rest,
  parameters: [...(path === COLLECTION ? [] : [connectionId]), ...(rest.parameters ?? []), ...common],
});

const view = (part: string, component: Parameters<typeof ref>[0]): Operation =>
  operation('get', `${ONE}/${part}`, `${part}OfConnection`, `The ${part} of a connection`, {
    parameters: [],
    answers: { 200: json(`The ${part}.`, ref(component)), ...onExisting },
  });

/** What `connectionsRouter` answers. */
export const connectionsOperations: readonly Operation[] = [
  operation('get', COLLECTION, 'listConnections', 'All connections, sorted by id', {
    description: 'More than 100 connections are refused unless only their ids are asked for.',
    parameters: [
      query('ids-only', '`true`: ids in place of connections.', { enum: ['true', 'false'] }),
      fields,
    ],
    answers: {
      200: json('The connections, or their ids.', {
        type: 'array',
        items: { anyOf: [ref('Connection'), { type: 'object' }, { type: 'string' }] },
      }),
      ...always,
    },
  }),
  operation('post', COLLECTION, 'createConnection', 'Create a connection under a new id, or test one', {
    parameters: [
      query('dry-run', '`true`: connect once and disconnect; nothing is stored.', {
        enum: ['true', 'false'],
      }),
    ],
    body: connectionBody('The connection, without an id.'),
    answers: {
      200: empty('The test went well.'),
      201: json('The connection as it was created.', ref('Connection'), location),
      ...always,
      403: forbidden,
      415: mediaType,
      504: failed,
    },
  }),
  operation('get', ONE, 'retrieveConnection', 'One connection', {
    parameters: [
      fields,
      ...preconditions,
      query('at-historical-revision', 'As it was at this revision.', { type: 'integer' }),
      query('at-historical-timestamp', 'As it was at this instant.', { type: 'string', format: 'date-time' }),
    ],
    answers: {
      200: json(
        'The connection, or the fields of it that were asked for.',
        { anyOf: [ref('Connection'), { type: 'object' }] },
        etag,
      ),
      ...onExisting,
      304: empty('It has a tag of `if-none-match`.', etag),
      412: unmet,
    },
  }),
  operation('put', ONE, 'modifyConnection', 'Replace a connection, or create it', {
    parameters: preconditions,
    body: connectionBody('The whole connection as it is to be; nothing is merged.'),
    answers: {
      201: json('There was none of this id: it was created.', ref('Connection'), location),
      204: empty('It was replaced.'),
      ...always,
      403: forbidden,
      412: unmet,
      415: mediaType,
    },
  }),
  operation('delete', ONE, 'deleteConnection', 'Close and delete a connection', {
    parameters: preconditions,
    answers: { 204: empty('It was deleted.'), ...onExisting, 403: forbidden, 412: unmet },
  }),
  operation(
    'post',
    `${ONE}/command`,
    'commandConnection',
    'Open, close, reset metrics, enable or reset logs',
    {
      parameters: [],
      body: {
        description: 'The type of the command, exactly.',
        content: {
          'text/plain': {
            schema: {
              enum: textCommands,
            },
            examples: {
              logs: { summary: 'Enable logs', value: 'connectivity.commands:enableConnectionLogs' },
            },
          },
        },
      },
      answers: { 200: empty('It is done.'), ...onExisting, 403: forbidden, 415: mediaType, 504: failed },
    },
  ),
  view('status', 'ConnectionStatus'),
  view('metrics', 'ConnectionMetrics'),
  view('logs', 'ConnectionLogs'),
  {
    method: 'get',
    path: `${ONE}/logs/stream`,
    operationId: 'streamLogsOfConnection',
    tag: 'Connections',
    summary: 'The log of a connection as it is written',
    description:
      'Server-sent events: `entry` with an entry of the log, `missed` with the number of entries that were left out because the client did not read them in time.',
    realm: 'devops',
    parameters: [
      connectionId,
      ...['level', 'category', 'type', 'address'].map((name) =>
        query(name, `Only entries of this ${name}; several are separated by commas.`, { type: 'string' }),
      ),
    ],
    answers: {
      200: {
        description: 'The entries from now on.',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      404: unknown,
    },
  },
];
