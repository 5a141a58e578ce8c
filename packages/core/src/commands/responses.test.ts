import { describe, expect, test } from '@jest/globals';
import { connectionNotAccessible } from '../errors/connectivityErrors.ts';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseConnection } from '../model/parseConnection.ts';
import {
  type MigrationProgress,
  migrationAborted,
  migrationCompletedAlready,
  migrationStarted,
  migrationStatus,
} from './encryptionMigrationResponses.ts';
import { parseResponse } from './parseResponse.ts';
import {
  cleanupResponse,
  closedStatusResponse,
  createConnectionResponse,
  errorResponse,
  idResponse,
  noLogsResponse,
  noMetricsResponse,
  retrieveAllConnectionIdsResponse,
  retrieveConnectionResponse,
  retrieveConnectionsResponse,
  sudoIdsByTagResponse,
  sudoTagsResponse,
  testConnectionConflict,
  testConnectionResponse,
} from './responses.ts';

const connection = {
  ...parseConnection({
    id: 'c1',
    connectionType: 'http-push',
    connectionStatus: 'closed',
    uri: 'http://u:p@h:80',
    targets: [{ address: 'POST:/x', topics: ['_/_/things/twin/events'], authorizationContext: ['a:b'] }],
  }),
  revision: 3,
  lifecycle: 'ACTIVE',
} as const;

const NOW = '2024-01-01T00:00:00Z';
const progress: MigrationProgress = {
  phase: 'snapshots',
  isActive: true,
  isAborted: false,
  dryRun: false,
  snapshots: { processed: 1, skipped: 2, failed: 3 },
  journalEvents: { processed: 0, skipped: 0, failed: 0 },
  lastSnapshot: { id: 's', pid: 'connection:c1' },
  lastJournal: undefined,
  startedAt: NOW,
  updatedAt: NOW,
};

const built: readonly (readonly [string, JsonObject])[] = [
  ['create', createConnectionResponse(connection)],
  ['open', idResponse('openConnection', 'c1')],
  ['delete', idResponse('deleteConnection', 'c1')],
  ['test', testConnectionResponse('c1', 'ok')],
  ['test of what exists', testConnectionConflict('c1')],
  ['retrieve', retrieveConnectionResponse(connection)],
  ['retrieve in part', retrieveConnectionResponse(connection, 'id,_revision')],
  ['retrieve all', retrieveConnectionsResponse([{ id: 'c1' }])],
  ['ids', retrieveAllConnectionIdsResponse(['c1'])],
  ['status', closedStatusResponse('c1', 'host', NOW)],
  ['metrics', noMetricsResponse('c1')],
  ['logs', noLogsResponse('c1')],
  ['error', errorResponse(connectionNotAccessible('c1'))],
  ['tags', sudoTagsResponse(['t'])],
  ['ids by tag', sudoIdsByTagResponse(['c1'])],
  ['cleanup', cleanupResponse(false, 'connection', 'c1')],
  ['migration', migrationStarted(true, false, NOW)],
  ['migration that is done', migrationCompletedAlready(false, NOW)],
  ['migration status', migrationStatus(progress)],
  ['migration aborted', migrationAborted(progress, NOW)],
];

test.each(built)('what is built for %s is read again unchanged', (_name, json) => {
  expect(parseResponse(json)).toEqual(json);
});

test('hidden fields are shown when they are selected, and only then', () => {
  expect(retrieveConnectionResponse(connection, 'id,_revision,__lifecycle')['connection']).toEqual({
    id: 'c1',
    _revision: 3,
    __lifecycle: 'ACTIVE',
  });
  expect(retrieveConnectionResponse(connection)['connection']).not.toHaveProperty('_revision');
});

test.each([
  [{}, 'in_progress:snapshots'],
  [{ phase: 'journal' as const }, 'in_progress:journal'],
  [{ isActive: false, isAborted: true }, 'aborted:snapshots'],
  [{ isActive: false, phase: 'completed' as const }, 'completed'],
])('a migration that is %j is in phase %s', (changes, phase) => {
  expect(migrationStatus({ ...progress, ...changes })).toMatchObject({ phase });
});

describe('a response that is wrong', () => {
  const refusalOf = (json: JsonObject): string => {
    try {
      parseResponse(json);
    } catch (error) {
      if (isDittoError(error)) return `${error.code} ${error.message}`;
      throw error;
    }
    return 'accepted';
  };
  const open = { type: 'connectivity.responses:openConnection', status: 200, connectionId: 'c1' };
  const start =
    'json.invalid Failed to deserialize JSON object to a command response of type <connectivity.responses:openConnection>: ';

  test.each([
    [
      { status: 409 },
      'HttpStatus [code=409, category=CLIENT_ERROR] is invalid. OpenConnectionResponse only allows [HttpStatus [code=200, category=SUCCESS]].',
    ],
    [{ status: 777 }, 'Provided HTTP status code <777> is not within the range of 100 to 599.'],
    [{ status: null }, 'JSON did not include required </status> field!'],
    [{ connectionId: '' }, "The Connection ID '' is not valid."],
  ])('by %j tells its type', (changes, message) => {
    expect(refusalOf({ ...open, ...changes })).toBe(start + message);
  });

  test('by its type is not supported', () => {
    expect(refusalOf({ ...open, type: 'connectivity.responses:bogus' })).toBe(
      "json.type.notparsable The JSON type 'connectivity.responses:bogus' is not supported by registry 'GlobalCommandResponseRegistry'.",
    );
  });

  test('by the instants of its log tells the field', () => {
    expect(refusalOf({ ...noLogsResponse('c1'), enabledSince: 'x' })).toContain(
      "The JSON object's field </enabledSince> is not in ISO-8601 format as expected!",
    );
  });
});
