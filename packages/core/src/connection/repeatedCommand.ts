import { createConnectionResponse } from '../commands/responses.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { acknowledged, answerTo, revisionHeaders } from './answers.ts';
import type { AskedCommand, EntityCommand } from './command.ts';
import type { RecordedEvent } from './recordedEvent.ts';
import type { CommandAnswer } from './steps.ts';

/** Header by which a sender has a command that it sends again answered as before, or (`false`) not. */
export const IDEMPOTENT_HEADER = 'hawser-idempotent';
/** Member of a stored event: type and `correlation-id` of the command that it comes from. */
const ORIGIN = '__origin';

/** The commands that write, and the events that they write: to modify what does not exist creates it. */
const EVENTS: Partial<Record<EntityCommand['type'], readonly RecordedEvent['type'][]>> = {
  'connectivity.commands:createConnection': ['connectivity.events:connectionCreated'],
  'connectivity.commands:modifyConnection': [
    'connectivity.events:connectionModified',
    'connectivity.events:connectionCreated',
  ],
  'connectivity.commands:openConnection': ['connectivity.events:connectionOpened'],
  'connectivity.commands:closeConnection': ['connectivity.events:connectionClosed'],
  'connectivity.commands:deleteConnection': ['connectivity.events:connectionDeleted'],
};

/**
 * The `correlation-id` by which this command can be recognised when it is sent again; undefined when nobody asks for
 * that or when the command writes nothing.
 *
 * @param isDefault what holds for commands without the header
 */
export function repeatableBy({ command, headers }: AskedCommand, isDefault: boolean): string | undefined {
  const wish = headers[IDEMPOTENT_HEADER];
  const isAsked = wish === undefined ? isDefault : wish.toLowerCase() === 'true';
  return isAsked && EVENTS[command.type] !== undefined ? headers['correlation-id'] : undefined;
}

/** The payload of an event with where it comes from. */
export const markRepeatable = (
  payload: JsonObject,
  { command }: AskedCommand,
  correlationId: string,
): JsonObject => ({ ...payload, [ORIGIN]: originOf(command, correlationId) });

const originOf = ({ type }: EntityCommand, correlationId: string): string => `${type} ${correlationId}`;

/**
 * The answer that a command was given for a stored event, if it is this command that wrote it.
 *
 * @param decode reads the event: the payload alone says of most that they are others'
 */
export function answerOfEvent(
  asked: AskedCommand,
  correlationId: string,
  payload: JsonObject,
  decode: () => RecordedEvent,
): CommandAnswer | undefined {
  const { command } = asked;
  if (payload[ORIGIN] !== originOf(command, correlationId)) return undefined;
  const event = decode();
  if (EVENTS[command.type]?.includes(event.type) !== true) return undefined;
  const headers = revisionHeaders(event.revision);
  switch (command.type) {
    case 'connectivity.commands:createConnection':
    case 'connectivity.commands:modifyConnection':
      if (!('connection' in event) || !isSame(command.connection, event.connection)) return undefined;
      return event.type === 'connectivity.events:connectionCreated'
        ? answerTo(asked, createConnectionResponse(event.connection), headers)
        : acknowledged(asked, 'modifyConnection', headers);
    case 'connectivity.commands:openConnection':
      return acknowledged(asked, 'openConnection', headers);
    case 'connectivity.commands:closeConnection':
      return acknowledged(asked, 'closeConnection', headers);
    case 'connectivity.commands:deleteConnection':
      return acknowledged(asked, 'deleteConnection', headers);
    default:
      return undefined;
  }
}

/** Besides what the actor sets. */
function isSame(given: Connection, stored: Connection): boolean {
  const visible = (connection: Connection) => {
    const { lifecycle: _, revision: _r, created: _c, modified: _m, ...rest } = connection;
    return JSON.stringify(rest);
  };
  return visible(given) === visible(stored);
}
