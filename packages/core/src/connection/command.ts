import type { Command } from '../commands/parseCommand.ts';
import type { Connection } from '../model/connection.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';

/** The commands that one connection is told: those that carry its id, or the connection itself. */
export type EntityCommand = Extract<
  Command,
  { readonly connectionId: string } | { readonly connection: Connection }
>;

export interface AskedCommand {
  readonly command: EntityCommand;
  readonly headers: DittoHeaders;
}

export const isEntityCommand = (command: Command): command is EntityCommand =>
  'connectionId' in command || 'connection' in command;

export const entityIdOf = (command: EntityCommand): string =>
  'connection' in command ? command.connection.id : command.connectionId;
