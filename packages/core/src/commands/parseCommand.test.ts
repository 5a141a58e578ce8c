import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { commandFacts } from './commandFacts.ts';
import { commandToJson, commandTypes, connectionIdOf, parseCommand } from './parseCommand.ts';

const connection = {
  id: 'c1',
  connectionType: 'mqtt',
  connectionStatus: 'open',
  uri: 'tcp://h:1883',
  targets: [{ address: 't', topics: ['_/_/things/twin/events'], authorizationContext: ['a:b'], qos: 0 }],
};

const refusalOf = (json: JsonObject) => {
  try {
    parseCommand(json);
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
  return 'accepted';
};

describe('a command', () => {
  test('survives reading and writing, unknown members aside', () => {
    const json = {
      type: 'connectivity.commands:retrieveConnection',
      connectionId: 'c1',
      selectedFields: 'id,name',
    };
    expect(commandToJson(parseCommand({ ...json, extra: 1 }))).toEqual(json);
  });

  test('carries a whole connection, with its defaults and without hidden fields', () => {
    const command = parseCommand({
      type: 'connectivity.commands:createConnection',
      connection: { ...connection, _revision: 3 },
    });
    expect(commandToJson(command)).toMatchObject({ connection: { id: 'c1', clientCount: 1, sources: [] } });
    expect(commandToJson(command)).not.toHaveProperty('connection._revision');
    expect(commandToJson(command, { hidden: true })).toHaveProperty('connection._revision', 3);
    expect(connectionIdOf(command)).toBe('c1');
  });

  test('is narrowed by its type', () => {
    const command = parseCommand({ type: 'connectivity.commands:migrateEncryption', resume: true });
    if (command.type !== 'connectivity.commands:migrateEncryption') throw new Error(command.type);
    expect([command.dryRun, command.resume]).toEqual([false, true]);
    expect(connectionIdOf(command)).toBeUndefined();
  });

  test('to the store names its connection too', () => {
    const type = 'cleanup.sudo.commands:cleanupPersistence';
    expect(connectionIdOf(parseCommand({ type, entityType: 'connection', entityId: 'c1' }))).toBe('c1');
  });

  test('to stop names what is to stop', () => {
    const json = { type: 'common.commands:shutdown', reason: { type: 'purge-entities', details: ['c1'] } };
    expect(commandToJson(parseCommand(json))).toEqual(json);
  });

  test('to add to a log reads the entry', () => {
    const logEntry = {
      correlationId: 'x',
      timestamp: '2024-01-01T00:00:00Z',
      category: 'source',
      type: 'consumed',
      level: 'success',
      message: 'm',
    };
    const json = {
      type: 'connectivity.sudo.commands:sudoAddConnectionLogEntry',
      connectionId: 'c1',
      logEntry,
    };
    expect(commandToJson(parseCommand(json))).toEqual(json);
    expect(refusalOf({ ...json, logEntry: { ...logEntry, level: 'x' } })).toMatchObject({
      message: 'Log level <x> is invalid!',
    });
    expect(refusalOf({ ...json, logEntry: { ...logEntry, timestamp: 'x' } })).toMatchObject({
      message: "The JSON object's field </timestamp> is not in ISO-8601 format as expected!",
    });
  });
});

describe('what is no command', () => {
  test.each([
    [{}, 'json.field.missing', 'JSON did not include required </type> field!'],
    [{ type: 1 }, 'json.invalid', 'Value <1> for </type> is not of type <String>!'],
    [
      { type: '__proto__' },
      'json.type.notparsable',
      "The JSON type '__proto__' is not supported by registry 'GlobalCommandRegistry'.",
    ],
    [
      { type: 'connectivity.commands:openConnection', connectionId: 'a b' },
      'connectivity:connection.id.invalid',
      "The Connection ID 'a b' is not valid.",
    ],
    [
      { type: 'connectivity.commands:openConnection', connectionId: null },
      'json.field.missing',
      'JSON did not include required </connectionId> field!',
    ],
    [
      { type: 'connectivity.commands:createConnection', connection: null },
      'json.field.missing',
      'JSON did not include required </connectionType> field!',
    ],
    [
      { type: 'connectivity.commands:retrieveConnection', connectionId: 'c1', selectedFields: 'a(b' },
      'json.fieldselector.invalid',
      'The field selector <a(b> is invalid!',
    ],
  ])('%j is %s', (json, error, message) => {
    expect(refusalOf(json as JsonObject)).toMatchObject({ status: 400, error, message });
  });

  test('for a reason without an error of its own is quoted', () => {
    const json = {
      type: 'connectivity.commands:checkConnectionLogsActive',
      connectionId: 'c1',
      timestamp: 'bad',
    };
    expect(refusalOf(json)).toMatchObject({
      error: 'json.invalid',
      message: `Error during parsing json: <${JSON.stringify(json)}>`,
    });
  });
});

test('every command has its facts', () => {
  expect(commandFacts('connectivity.commands:deleteConnection')).toEqual({
    category: 'DELETE',
    resourcePath: '/',
  });
  for (const type of commandTypes.filter(
    (name) => name.includes(':retrieve') || name.includes('sudoRetrieve'),
  ))
    expect([type, commandFacts(type).category]).toEqual([type, 'QUERY']);
});
