import { typeNotParsable } from '../errors/baseErrors.ts';
import { signalRefusal } from '../errors/errorRegistry.ts';
import { requiredString } from '../json/fields.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { connectionToJson } from '../model/connectionToJson.ts';
import type { CommandReader } from './commandReader.ts';
import { type ConnectionCommand, connectionCommandReaders } from './connectionCommands.ts';
import { type LogEntry, logEntryToJson } from './logEntry.ts';
import { type SystemCommand, systemCommandReaders } from './systemCommands.ts';

/** Every command that a connection or an actor beside it understands, told apart by `type`. Ditto headers travel beside it. */
export type Command = ConnectionCommand | SystemCommand;
export type CommandType = Command['type'];

const readers: Readonly<Record<string, CommandReader>> = {
  ...connectionCommandReaders,
  ...systemCommandReaders,
};

export const commandTypes = Object.keys(readers) as readonly CommandType[];

export const isCommandType = (type: string): type is CommandType => Object.hasOwn(readers, type);

/**
 * Reads the JSON of a command (base/model/.../signals/commands/GlobalCommandRegistry.java). Unknown members are ignored.
 *
 * @throws DittoError `json.type.notparsable` for an unknown type, else what the fields of the type demand
 */
export function parseCommand(json: JsonObject): Command {
  const type = requiredString(json, 'type');
  const read = isCommandType(type) ? readers[type] : undefined;
  if (read === undefined) throw typeNotParsable(type, 'GlobalCommandRegistry');
  try {
    return { type, ...read(json) } as Command;
  } catch (error) {
    throw signalRefusal(error, json);
  }
}

export interface SignalToJsonOptions {
  /** With the hidden fields of connections. */
  readonly hidden?: boolean;
}

/** The canonical JSON: `type`, then the fields; absent ones are left out. */
export function commandToJson(command: Command, options: SignalToJsonOptions = {}): JsonObject {
  const members = Object.entries(command).flatMap(([field, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[field, fieldToJson(field, value, options)]],
  );
  return Object.fromEntries(members);
}

function fieldToJson(field: string, value: unknown, options: SignalToJsonOptions): JsonValue {
  if (field === 'connection') return connectionToJson(value as Connection, options);
  if (field === 'logEntry') return logEntryToJson(value as LogEntry);
  return value as JsonValue;
}

/** The connection that a command is for; `undefined` when it is for none in particular. */
export function connectionIdOf(command: Command): string | undefined {
  if ('connectionId' in command) return command.connectionId;
  if ('connection' in command) return command.connection.id;
  return command.type === 'cleanup.sudo.commands:cleanupPersistence' ? command.entityId : undefined;
}
