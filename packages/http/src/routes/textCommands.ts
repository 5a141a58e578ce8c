/** What the body of `POST /api/2/connections/{connectionId}/command` may be. */
export const textCommands: readonly string[] = [
  'openConnection',
  'closeConnection',
  'resetConnectionMetrics',
  'enableConnectionLogs',
  'resetConnectionLogs',
].map((name) => `connectivity.commands:${name}`);
