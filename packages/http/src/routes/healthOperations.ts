import { json, type Operation, ref, text } from '../openapi/operation.ts';

const upOrDown = {
  type: 'object',
  properties: { status: { enum: ['UP', 'DOWN'] } },
  required: ['status'],
};
const facts = { type: 'object', description: 'Facts that do not change while the process runs.' };
const cluster = {
  type: 'object',
  properties: {
    self: { type: 'string' },
    leader: { type: 'string' },
    members: { type: 'array', items: { type: 'object' } },
    unreachable: { type: 'array' },
  },
  required: ['self', 'leader', 'members', 'unreachable'],
};

const get = (
  path: string,
  operationId: string,
  summary: string,
  answers: Operation['answers'],
  realm?: 'status',
): Operation => ({ method: 'get', path, operationId, tag: 'Health', summary, realm, answers });

const health = (up: string, down: string, schema: object) => ({
  200: json(up, schema),
  503: json(down, schema),
});

/** What `healthRouter` and `metricsRoute` answer. */
export const healthOperations: readonly Operation[] = [
  get('/alive', 'alive', 'Whether the event loop turns', { 200: json('It does.', upOrDown) }),
  get(
    '/ready',
    'ready',
    'Whether the list of connections is loaded and the store answers',
    health('Both hold.', 'Not yet, or the store is away.', upOrDown),
  ),
  get('/health', 'health', 'Health in a word', health('All is well.', 'Something is DOWN.', upOrDown)),
  get('/status', 'status', 'Facts about this process', { 200: json('The facts.', facts) }),
  get(
    '/status/health',
    'statusHealth',
    'Health of this process',
    health('All is well.', 'Something is DOWN.', ref('Health')),
  ),
  get('/status/cluster', 'statusCluster', 'The members of the cluster', {
    200: json('The members.', cluster),
  }),
  get(
    '/overall/status',
    'overallStatus',
    'Facts about all processes, by role and instance',
    {
      200: json('The facts.', {
        type: 'object',
        properties: { roles: { type: 'object', additionalProperties: { additionalProperties: facts } } },
        required: ['roles'],
      }),
    },
    'status',
  ),
  get(
    '/overall/status/health',
    'overallHealth',
    'Health of all processes',
    health('All is well.', 'Something is DOWN.', ref('Health')),
    'status',
  ),
  get(
    '/overall/status/cluster',
    'overallCluster',
    'The members of the cluster',
    { 200: json('The members.', cluster) },
    'status',
  ),
  get('/metrics', 'metrics', 'Metrics for Prometheus', { 200: text('In its text format.') }, 'status'),
];
