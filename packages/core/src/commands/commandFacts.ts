import type { CommandCategory } from '../protocol/signal.ts';

/** What a command is, beside its fields. */
export interface CommandFacts {
  readonly category: CommandCategory;
  /** JSON pointer of the part of the connection that it concerns. */
  readonly resourcePath: string;
}

const fact = (category: CommandCategory, resourcePath = '/'): CommandFacts => ({ category, resourcePath });

/** connectivity/model/.../signals/commands/**, `getCategory` and `getResourcePath`. */
const facts: Readonly<Record<string, CommandFacts>> = {
  'connectivity.commands:createConnection': fact('CREATE'),
  'connectivity.commands:modifyConnection': fact('MODIFY'),
  'connectivity.commands:testConnection': fact('QUERY'),
  'connectivity.commands:deleteConnection': fact('DELETE'),
  'connectivity.commands:openConnection': fact('MODIFY', '/command'),
  'connectivity.commands:closeConnection': fact('MODIFY', '/command'),
  'connectivity.commands:enableConnectionLogs': fact('MODIFY', '/command'),
  'connectivity.commands:resetConnectionLogs': fact('MODIFY', '/command'),
  'connectivity.commands:resetConnectionMetrics': fact('MODIFY', '/command'),
  'connectivity.commands:checkConnectionLogsActive': fact('MODIFY'),
  'connectivity.commands:loggingExpired': fact('MODIFY'),
  'connectivity.commands:migrateEncryption': fact('MODIFY'),
  'connectivity.commands:migrateEncryptionAbort': fact('MODIFY'),
  'connectivity.commands:retrieveConnectionStatus': fact('QUERY', '/status'),
  'connectivity.commands:retrieveConnectionMetrics': fact('QUERY', '/metrics'),
  'connectivity.commands:retrieveConnectionLogs': fact('QUERY', '/logs'),
  'connectivity.commands:retrieveConnections': fact('QUERY', '/connections'),
  'connectivity.sudo.commands:sudoAddConnectionLogEntry': fact('MODIFY'),
  'cleanup.sudo.commands:cleanupPersistence': fact('MODIFY'),
  'common.commands:shutdown': fact('MODIFY'),
  'common.commands:modifyConfig': fact('MODIFY'),
  'devops.commands:changeLogLevel': fact('MODIFY'),
  'devops.commands:executePiggybackCommand': fact('MODIFY'),
};
const query = fact('QUERY');

/** Queries without a path of their own need no entry. */
export const commandFacts = (type: string): CommandFacts =>
  (Object.hasOwn(facts, type) ? facts[type] : undefined) ?? query;
