import { describe, expect, test } from '@jest/globals';
import { parseCommand } from '../commands/parseCommand.ts';
import { connectionConfigurationInvalid, connectionFailed } from '../errors/connectivityErrors.ts';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { AskedCommand } from './command.ts';
import { type DecideRules, decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { afterStep, decideRecovered } from './plan.ts';
import { absentAt, type ConnectionState } from './state.ts';
import { type Decision, type Step, stagedActions } from './steps.ts';

const NOW = '2024-01-02T03:04:05Z';
const rules: DecideRules = {
  validate: () => undefined,
  validateStored: () => undefined,
  resolveHono: (connection) => ({ ...connection, uri: 'tcp://hono:9092' }),
};
const connectionJson = (overrides: JsonObject = {}): JsonObject => ({
  id: 'c1',
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://localhost:1883',
  sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['a:b'] }],
  ...overrides,
});

const asked = (name: string, more: JsonObject = {}, headers: Record<string, string> = {}): AskedCommand => ({
  command: parseCommand({
    type: name.includes(':') ? name : `connectivity.commands:${name}`,
    connectionId: 'c1',
    ...more,
  }) as AskedCommand['command'],
  headers,
});
const create = (overrides: JsonObject = {}) =>
  asked('createConnection', { connection: connectionJson(overrides) });

function after(state: ConnectionState, command: AskedCommand, at = NOW): ConnectionState {
  return decide(state, command, rules, at).steps.reduce(
    (current, step) => (step.do === 'persist' ? evolve(current, step.event) : current),
    state,
  );
}
const closed = after(absentAt(0), create());
const open = after(absentAt(0), create({ connectionStatus: 'open' }));
const deleted = after(closed, asked('deleteConnection'));

const replyOf = ({ steps }: Decision) =>
  steps.flatMap((step) => (step.do === 'reply' && step.answer !== undefined ? [step.answer] : []))[0];
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isDittoError(error)) return `${error.status} ${error.code}`;
    throw error;
  }
  return 'none';
};

describe('create', () => {
  test('sets the hidden fields and answers with the connection without them', () => {
    const decision = decide(absentAt(4), create(), rules, NOW);
    const [persist] = decision.steps;
    expect(persist).toMatchObject({
      event: {
        revision: 5,
        timestamp: NOW,
        connection: { lifecycle: 'ACTIVE', revision: 5, created: NOW, modified: NOW },
      },
    });
    const answer = replyOf(decision);
    expect(answer?.json).toMatchObject({ status: 201, connection: { id: 'c1' } });
    expect(answer?.json['connection']).not.toHaveProperty('_revision');
    expect(answer?.headers).toEqual({ 'entity-revision': '5' });
  });

  test('of an open connection answers before its clients open', () => {
    expect(stagedActions(decide(absentAt(0), create({ connectionStatus: 'open' }), rules, NOW))).toEqual([
      'ENABLE_LOGGING',
      'PERSIST_AND_APPLY_EVENT',
      'BECOME_CREATED',
      'UPDATE_SUBSCRIPTIONS',
      'SEND_RESPONSE',
      'OPEN_CONNECTION_IGNORE_ERRORS',
    ]);
  });

  test('of a deleted connection continues its revisions', () => {
    expect(after(deleted, create())).toMatchObject({
      lifecycle: 'active',
      revision: 3,
      connection: { revision: 3 },
    });
  });

  test('is refused where the connection exists, before it is validated', () => {
    const strict = {
      ...rules,
      validate: () => {
        throw connectionConfigurationInvalid('no');
      },
    };
    expect(refusal(() => decide(closed, create(), strict, NOW))).toBe('409 connectivity:connection.conflict');
    expect(refusal(() => decide(absentAt(0), create(), strict, NOW))).toBe(
      '400 connectivity:connection.configuration.invalid',
    );
  });
});

describe('modify', () => {
  const modify = (overrides: JsonObject = {}, headers = {}) =>
    asked('modifyConnection', { connection: connectionJson(overrides) }, headers);

  test('replaces the whole connection, the time of its creation included', () => {
    const next = after(after(absentAt(0), create({ name: 'old' })), modify(), '2025-01-01T00:00:00Z');
    expect(next).toMatchObject({
      revision: 2,
      connection: { name: undefined, revision: 2, created: undefined, modified: '2025-01-01T00:00:00Z' },
    });
  });

  test('of a connection that does not exist creates it', () => {
    expect(replyOf(decide(deleted, modify(), rules, NOW))?.json).toMatchObject({
      type: 'connectivity.responses:createConnection',
      status: 201,
    });
  });

  test('changes the type only for sudo, and says so before it validates', () => {
    const other = { connectionType: 'mqtt-5' };
    const strict = {
      ...rules,
      validate: () => {
        throw connectionFailed('c1');
      },
    };
    expect(refusal(() => decide(closed, modify(other), strict, NOW))).toBe(
      '400 connectivity:connection.configuration.invalid',
    );
    expect(after(closed, modify(other, { 'ditto-sudo': 'true' }))).toMatchObject({
      connection: { connectionType: 'mqtt-5' },
    });
  });
});

describe('the journal number and the revision of the connection', () => {
  test('part when the connection is opened or closed', () => {
    const opened = after(closed, asked('openConnection'));
    expect(opened).toMatchObject({ revision: 2, connection: { revision: 1, connectionStatus: 'open' } });
    const answer = replyOf(decide(opened, asked('retrieveConnection'), rules, NOW));
    expect(answer?.headers).toEqual({ 'entity-revision': '2', etag: '"rev:1"' });
  });

  test('an empty event takes a number and changes nothing else', () => {
    const type = 'persistence-actor-internal:empty-event';
    expect(evolve(open, { type, effect: 'alwaysAlive', revision: 2 })).toEqual({ ...open, revision: 2 });
  });
});

describe('preconditions', () => {
  const ifMatch = { 'if-match': '"rev:7"' };

  test('are checked before anything else', () => {
    expect(refusal(() => decide(closed, asked('deleteConnection', {}, ifMatch), rules, NOW))).toBe(
      '412 connectivity:precondition.failed',
    );
    expect(
      refusal(() =>
        decide(closed, asked('retrieveConnection', {}, { 'if-none-match': '"rev:1"' }), rules, NOW),
      ),
    ).toBe('304 connectivity:precondition.notmodified');
  });

  test('fail for commands that have no tag of their own', () => {
    const headers = { 'if-match': '"rev:1"' };
    expect(refusal(() => decide(closed, asked('enableConnectionLogs', {}, headers), rules, NOW))).toBe(
      '412 connectivity:precondition.failed',
    );
    expect(refusal(() => decide(closed, asked('retrieveConnectionLogs', {}, headers), rules, NOW))).toBe(
      'none',
    );
  });

  test('do not concern what does not exist, save its creation', () => {
    expect(refusal(() => decide(deleted, asked('deleteConnection', {}, ifMatch), rules, NOW))).toBe(
      '404 connectivity:connection.notfound',
    );
    const creation = { ...create(), headers: ifMatch };
    expect(refusal(() => decide(deleted, creation, rules, NOW))).toBe('412 connectivity:precondition.failed');
  });
});

describe('retrieve', () => {
  test('shows hidden fields only when they are named', () => {
    const selected = asked('retrieveConnection', { selectedFields: 'id,_revision' });
    expect(replyOf(decide(closed, selected, rules, NOW))?.json['connection']).toEqual({
      id: 'c1',
      _revision: 1,
    });
  });

  test('refuses a resolved Hono connection of another type', () => {
    const resolved = asked('retrieveResolvedHonoConnection');
    expect(refusal(() => decide(closed, resolved, rules, NOW))).toBe('404 connectivity:connection.notfound');
    const hono = after(absentAt(0), create({ connectionType: 'hono', uri: '' }));
    expect(replyOf(decide(hono, resolved, rules, NOW))?.json).toMatchObject({
      type: 'connectivity.responses:retrieveConnection',
      connection: { uri: 'tcp://hono:9092' },
    });
  });
});

describe('a deleted connection', () => {
  test.each([
    'openConnection',
    'closeConnection',
    'deleteConnection',
    'enableConnectionLogs',
    'resetConnectionLogs',
    'resetConnectionMetrics',
    'loggingExpired',
    'retrieveConnection',
    'retrieveConnectionStatus',
    'retrieveConnectionMetrics',
    'retrieveConnectionLogs',
    'retrieveResolvedHonoConnection',
    'connectivity.sudo.commands:sudoRetrieveConnectionTags',
  ])('is not found by %s', (name) => {
    expect(refusal(() => decide(deleted, asked(name), rules, NOW))).toBe(
      '404 connectivity:connection.notfound',
    );
    expect(refusal(() => decide(absentAt(0), asked(name), rules, NOW))).toBe(
      '404 connectivity:connection.notfound',
    );
  });

  test('keeps when it was deleted', () => {
    expect(deleted).toMatchObject({
      lifecycle: 'deleted',
      connection: { lifecycle: 'DELETED', modified: NOW },
    });
  });

  test('cannot be deleted without having been there', () => {
    const type = 'connectivity.events:connectionDeleted';
    const event = { type, connectionId: 'c1', revision: 3, timestamp: NOW, metadata: undefined } as const;
    expect(evolve(absentAt(2), event)).toEqual(absentAt(3));
  });
});

describe('a step of clients that fails', () => {
  const failure = connectionFailed('c1', 'no broker');
  const rest: readonly Step[] = [{ do: 'updateSubscriptions' }, { do: 'reply', answer: undefined }];

  test('ends an open, and is the answer', () => {
    const step: Step = { do: 'openClients', onError: 'report' };
    expect(afterStep(asked('openConnection'), step, rest, { error: failure })).toEqual({
      failure,
      steps: [],
      logged: "Operation open-connection failed due to The Connection with ID 'c1' failed to connect.",
    });
  });

  test('is only logged when an open ignores errors', () => {
    const step: Step = { do: 'openClients', onError: 'ignore' };
    const { steps, failure: answered } = afterStep(create(), step, rest, { error: failure });
    expect([steps, answered]).toEqual([rest, undefined]);
  });

  test('stops the clients of a close all the same', () => {
    const ended = afterStep(asked('closeConnection'), { do: 'closeClients' }, rest, { error: failure });
    expect(ended).toMatchObject({ failure, steps: [{ do: 'stopClients' }] });
  });

  test('is the answer of a test, after which the actor leaves', () => {
    const tested = asked('testConnection', { connection: connectionJson() });
    const steps = decide(absentAt(0), tested, rules, NOW).steps;
    const [, test, ...remaining] = steps as [Step, Step, ...Step[]];
    expect(afterStep(tested, test, remaining, { error: failure })).toEqual({
      failure,
      steps: [{ do: 'passivate' }],
    });
  });

  test('becomes a failed connection when it is no Ditto error', () => {
    const step: Step = { do: 'openClients', onError: 'report' };
    expect(afterStep(asked('openConnection'), step, [], { error: new Error('boom') }).failure).toMatchObject({
      status: 504,
      code: 'connectivity:connection.failed',
      description: 'boom',
    });
  });
});

test('only connections that should be open are opened after recovery', () => {
  expect(stagedActions(decideRecovered(open))).toEqual(['OPEN_CONNECTION', 'UPDATE_SUBSCRIPTIONS']);
  expect(decideRecovered(closed).steps).toEqual([]);
  expect(decideRecovered(deleted).steps).toEqual([]);
  expect(decideRecovered(after(open, asked('closeConnection'))).steps).toEqual([]);
});
