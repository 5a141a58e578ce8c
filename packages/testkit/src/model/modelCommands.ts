import type { JsonObject } from '@hawser/core';
import type { ModelCommand, ModelId } from './modelAction.ts';
import type { ModelState } from './modelState.ts';

const EVENTS: Partial<Record<ModelCommand, string>> = {
  createClosed: 'connectionCreated',
  createOpen: 'connectionCreated',
  modifyClosed: 'connectionModified',
  modifyOpen: 'connectionModified',
  open: 'connectionOpened',
  close: 'connectionClosed',
  delete: 'connectionDeleted',
};

/** Types of the events that an accepted command may have written; none for one that only reads. */
export function eventsOf(command: ModelCommand): readonly string[] {
  const name = EVENTS[command];
  if (name === undefined) return [];
  // to modify what does not exist is to create it
  const names = name === 'connectionModified' ? [name, 'connectionCreated'] : [name];
  return names.map((each) => `connectivity.events:${each}`);
}

/** @param token names the connection, so that its event can be told from all others */
export function commandJson(command: ModelCommand, id: ModelId, token: string): JsonObject {
  const type = (name: string) => `connectivity.commands:${name}`;
  switch (command) {
    case 'createClosed':
    case 'createOpen':
      return { type: type('createConnection'), connection: connectionJson(command, id, token) };
    case 'modifyClosed':
    case 'modifyOpen':
      return { type: type('modifyConnection'), connection: connectionJson(command, id, token) };
    case 'test':
      return { type: type('testConnection'), connection: connectionJson(command, id, token) };
    case 'open':
    case 'close':
    case 'delete':
    case 'retrieve':
      return { type: type(`${command}Connection`), connectionId: id };
    case 'retrieveStatus':
      return { type: type('retrieveConnectionStatus'), connectionId: id };
    case 'enableLogs':
      return { type: type('enableConnectionLogs'), connectionId: id };
  }
}

/** The statuses that Ditto answers with when nothing goes wrong. */
export function expectedStatuses(command: ModelCommand, state: ModelState): readonly number[] {
  const isThere = state.lifecycle === 'active';
  switch (command) {
    case 'createClosed':
    case 'createOpen':
      return [isThere ? 409 : 201];
    case 'modifyClosed':
    case 'modifyOpen':
      return [isThere ? 204 : 201];
    case 'delete':
      return [isThere ? 204 : 404];
    case 'test':
      // one that was deleted or tested a moment ago is refused too
      return isThere ? [409] : [200, 409];
    case 'open':
    case 'close':
    case 'retrieve':
    case 'retrieveStatus':
    case 'enableLogs':
      return [isThere ? 200 : 404];
  }
}

const connectionJson = (command: ModelCommand, id: ModelId, token: string): JsonObject => ({
  id,
  name: token,
  connectionType: 'mqtt-5',
  connectionStatus: command.endsWith('Open') ? 'open' : 'closed',
  uri: 'tcp://localhost:1883',
  sources: [{ addresses: ['in'], consumerCount: 1, qos: 1, authorizationContext: ['a:b'] }],
  targets: [],
  clientCount: id === 'c1' ? 1 : 2,
  tags: [],
});
