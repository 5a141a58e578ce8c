import { commandFacts } from '../commands/commandFacts.ts';
import { logEntryToJson } from '../commands/logEntry.ts';
import { createConnectionResponse, retrieveConnectionResponse } from '../commands/responses.ts';
import {
  connectionConflict,
  connectionNotAccessible,
  connectionTypeNotChangeable,
} from '../errors/connectivityErrors.ts';
import { type EntityTag, entityTagText, revisionTag } from '../headers/entityTag.ts';
import { checkPreconditions } from '../headers/preconditions.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { acknowledged, answerTo, revisionHeaders, tagsAnswer, testRefused } from './answers.ts';
import { type AskedCommand, type EntityCommand, entityIdOf } from './command.ts';
import type { ConnectionState } from './state.ts';
import type { CommandAnswer, Decision, Step } from './steps.ts';

/** What `decide` needs to know of the service. Both throw DittoErrors. */
export interface DecideRules {
  /** Everything that is checked before a connection is stored or tested; also that a client can be made for it. */
  validate(connection: Connection): void;
  /** What is checked again before a stored connection is opened. */
  validateStored(connection: Connection): void;
  /** A `hono` connection with the endpoint and credentials that its tenant resolves to. */
  resolveHono(connection: Connection): Connection;
}

type Active = Extract<ConnectionState, { lifecycle: 'active' }>;

const staged = (...steps: readonly Step[]): Decision => ({ isStaged: true, steps });
const plain = (...steps: readonly Step[]): Decision => ({ isStaged: false, steps });
const reply = (answer: CommandAnswer): Step => ({ do: 'reply', answer });

/**
 * What a command does to a connection, as the ordered list of steps that Ditto takes
 * (connectivity/service/.../persistence/strategies/commands/*Strategy.java).
 *
 * @param now ISO-8601
 * @throws DittoError the answer, where the command is refused
 */
export function decide(
  state: ConnectionState,
  asked: AskedCommand,
  rules: DecideRules,
  now: string,
): Decision {
  const effective = modifyAsCreate(state, asked);
  const { command, headers } = effective;
  checkPreconditions(commandFacts(command.type).category, headers, tagFor(command, state));
  return state.lifecycle === 'active'
    ? decideExisting(state, effective, rules, now)
    : decideMissing(state, effective, rules, now);
}

/** To modify what does not exist is to create it (connectivity/service/.../enforcement/ConnectivityCommandEnforcement.java). */
function modifyAsCreate(state: ConnectionState, asked: AskedCommand): AskedCommand {
  const { command } = asked;
  if (state.lifecycle === 'active' || command.type !== 'connectivity.commands:modifyConnection') return asked;
  return { ...asked, command: { ...command, type: 'connectivity.commands:createConnection' } };
}

function decideMissing(
  state: ConnectionState,
  asked: AskedCommand,
  rules: DecideRules,
  now: string,
): Decision {
  const { command } = asked;
  switch (command.type) {
    case 'connectivity.commands:createConnection':
      return create(state, asked, command.connection, rules, now);
    case 'connectivity.commands:testConnection':
      return isKnown(state) ? plain(reply(testRefused(asked))) : test(command.connection, rules);
    default:
      throw connectionNotAccessible(entityIdOf(command));
  }
}

const isKnown = (state: ConnectionState): boolean =>
  state.lifecycle !== 'absent' || state.tested !== undefined;

function create(
  state: ConnectionState,
  asked: AskedCommand,
  given: Connection,
  rules: DecideRules,
  now: string,
): Decision {
  rules.validate(given);
  const revision = state.revision + 1;
  const connection: Connection = { ...given, lifecycle: 'ACTIVE', revision, created: now, modified: now };
  const type = 'connectivity.events:connectionCreated';
  const persist: Step = {
    do: 'persist',
    event: { type, connectionId: given.id, revision, timestamp: now, metadata: undefined, connection },
  };
  const answered = reply(answerTo(asked, createConnectionResponse(connection), revisionHeaders(revision)));
  if (connection.connectionStatus !== 'open') return plain(persist, answered, { do: 'becomeCreated' });
  return staged(
    { do: 'enableLogging' },
    persist,
    { do: 'becomeCreated' },
    { do: 'updateSubscriptions' },
    answered,
    { do: 'openClients', onError: 'ignore' },
  );
}

function test(connection: Connection, rules: DecideRules): Decision {
  rules.validate(connection);
  return staged(
    { do: 'applyTested', connection: { ...connection, connectionStatus: 'closed' } },
    { do: 'testClient', connection },
    { do: 'reply', answer: undefined },
    { do: 'passivate' },
  );
}

function decideExisting(state: Active, asked: AskedCommand, rules: DecideRules, now: string): Decision {
  const { command, headers } = asked;
  switch (command.type) {
    case 'connectivity.commands:createConnection':
      throw connectionConflict(command.connection.id);
    case 'connectivity.commands:testConnection':
      return plain(reply(testRefused(asked)));
    case 'connectivity.commands:modifyConnection':
      return modify(state, asked, command.connection, rules, now);
    case 'connectivity.commands:openConnection':
      rules.validateStored(state.connection);
      return staged(
        { do: 'enableLogging' },
        persistStatus('connectionOpened', state, now),
        { do: 'openClients', onError: 'report' },
        { do: 'updateSubscriptions' },
        mutated(asked, 'openConnection', state),
      );
    case 'connectivity.commands:closeConnection':
      return staged(
        persistStatus('connectionClosed', state, now),
        { do: 'updateSubscriptions' },
        { do: 'closeClients' },
        { do: 'stopClients' },
        mutated(asked, 'closeConnection', state),
      );
    case 'connectivity.commands:deleteConnection':
      return staged(
        persistStatus('connectionDeleted', state, now),
        { do: 'updateSubscriptions' },
        { do: 'closeClients' },
        { do: 'stopClients' },
        { do: 'disableLogging' },
        mutated(asked, 'deleteConnection', state),
        { do: 'becomeDeleted' },
      );
    case 'connectivity.commands:resetConnectionMetrics':
      return staged(
        { do: 'broadcast', command: 'resetMetrics' },
        reply(acknowledged(asked, 'resetConnectionMetrics')),
      );
    case 'connectivity.commands:resetConnectionLogs':
      return staged(
        { do: 'broadcast', command: 'resetLogs' },
        reply(acknowledged(asked, 'resetConnectionLogs')),
      );
    case 'connectivity.commands:enableConnectionLogs':
      return staged(
        { do: 'broadcast', command: 'enableLogs' },
        reply(acknowledged(asked, 'enableConnectionLogs')),
        {
          do: 'enableLogging',
        },
      );
    case 'connectivity.commands:loggingExpired':
      return staged({ do: 'disableLogging' });
    case 'connectivity.commands:retrieveConnectionStatus':
      return staged({ do: 'retrieveStatus', headers });
    case 'connectivity.commands:retrieveConnectionMetrics':
      return staged({ do: 'retrieveMetrics', headers });
    case 'connectivity.commands:retrieveConnectionLogs':
      return staged({ do: 'retrieveLogs', headers });
    case 'connectivity.commands:retrieveConnection':
      return plain(retrieved(asked, state, regularOrSelected(state.connection, command.selectedFields)));
    case 'connectivity.commands:retrieveResolvedHonoConnection':
      if (state.connection.connectionType !== 'hono') throw connectionNotAccessible(state.connection.id);
      return plain(retrieved(asked, state, retrieveConnectionResponse(rules.resolveHono(state.connection))));
    case 'connectivity.sudo.commands:sudoRetrieveConnectionTags':
      return plain(reply(tagsAnswer(asked, state.connection.tags)));
    case 'connectivity.sudo.commands:sudoAddConnectionLogEntry':
      return plain({ do: 'addLogEntry', entry: logEntryToJson(command.logEntry) });
    case 'connectivity.commands:checkConnectionLogsActive':
      throw connectionNotAccessible(state.connection.id);
  }
}

/** Nothing is merged: the given connection replaces the stored one, also its time of creation. */
function modify(
  state: Active,
  asked: AskedCommand,
  given: Connection,
  rules: DecideRules,
  now: string,
): Decision {
  const isSudo = asked.headers['ditto-sudo'] === 'true';
  if (!isSudo && given.connectionType !== state.connection.connectionType)
    throw connectionTypeNotChangeable(given.id, given.connectionType);
  rules.validate(given);
  const revision = state.revision + 1;
  const connection: Connection = { ...given, lifecycle: 'ACTIVE', revision, modified: now };
  const type = 'connectivity.events:connectionModified';
  const persist: Step = {
    do: 'persist',
    event: { type, connectionId: given.id, revision, timestamp: now, metadata: undefined, connection },
  };
  const answered = mutated(asked, 'modifyConnection', state);
  if (connection.connectionStatus === 'open')
    return staged(
      persist,
      { do: 'closeClients' },
      { do: 'stopClients' },
      { do: 'openClients', onError: 'report' },
      { do: 'updateSubscriptions' },
      answered,
    );
  if (state.connection.connectionStatus === 'open')
    return staged(
      persist,
      { do: 'updateSubscriptions' },
      { do: 'closeClients' },
      { do: 'stopClients' },
      answered,
    );
  return plain(persist, answered);
}

function persistStatus(
  name: 'connectionOpened' | 'connectionClosed' | 'connectionDeleted',
  state: Active,
  timestamp: string,
): Step {
  const { id: connectionId } = state.connection;
  const revision = state.revision + 1;
  return {
    do: 'persist',
    event: { type: `connectivity.events:${name}`, connectionId, revision, timestamp, metadata: undefined },
  };
}

const mutated = (
  asked: AskedCommand,
  name: Parameters<typeof acknowledged>[1],
  state: ConnectionState,
): Step => reply(acknowledged(asked, name, revisionHeaders(state.revision + 1)));

function retrieved(asked: AskedCommand, state: Active, response: JsonObject): Step {
  const { revision } = state.connection;
  const etag = revision === undefined ? {} : { etag: entityTagText(revisionTag(revision)) };
  return reply(answerTo(asked, response, { ...revisionHeaders(state.revision), ...etag }));
}

/** Regular responses that were made last. A weak map of all would have every collection walk through all of them. */
const lastResponses: { readonly connection: Connection; readonly response: JsonObject }[] = [];
const MAX_RESPONSES = 16;

/** A connection is immutable and may be asked for often: its regular response is kept for a while. */
function regularOrSelected(connection: Connection, selectedFields: string | undefined): JsonObject {
  if (selectedFields !== undefined) return retrieveConnectionResponse(connection, selectedFields);
  const known = lastResponses.find((each) => each.connection === connection);
  if (known !== undefined) return known.response;
  const response = retrieveConnectionResponse(connection);
  lastResponses.unshift({ connection, response });
  lastResponses.length = Math.min(lastResponses.length, MAX_RESPONSES);
  return response;
}

const WITHOUT_TAG: ReadonlySet<EntityCommand['type']> = new Set([
  'connectivity.commands:testConnection',
  'connectivity.commands:enableConnectionLogs',
  'connectivity.commands:resetConnectionLogs',
  'connectivity.commands:resetConnectionMetrics',
  'connectivity.commands:loggingExpired',
  'connectivity.commands:checkConnectionLogsActive',
  'connectivity.sudo.commands:sudoRetrieveConnectionTags',
  'connectivity.sudo.commands:sudoAddConnectionLogEntry',
]);

/** The tag of the stored connection: of its last create or modify, not of its newest event. */
function tagFor(command: EntityCommand, state: ConnectionState): EntityTag | undefined {
  if (state.lifecycle !== 'active' || WITHOUT_TAG.has(command.type)) return undefined;
  const { revision } = state.connection;
  return revision === undefined ? undefined : revisionTag(revision);
}
