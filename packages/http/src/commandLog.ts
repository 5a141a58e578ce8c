import type { ConnectivityCommands, DittoHeaders, JsonObject, Log, Reply } from '@hawser/core';
import { cut } from './loggable.ts';

const READS = /:(?:sudo)?retrieve/i;

/**
 * One line a command when its answer is there, with the correlation id of its request: at `info` for what may change something,
 * at `debug` for what only reads.
 */
export function loggedCommands(commands: ConnectivityCommands, log: Log): ConnectivityCommands {
  return {
    async ask(selection, command, headers, timeoutMs) {
      const level = READS.test(String(command['type'])) ? 'debug' : 'info';
      const fields = fieldsOf(command, headers);
      try {
        const reply = await commands.ask(selection, command, headers, timeoutMs);
        log[level]('command', { ...fields, ...outcomeOf(reply) });
        return reply;
      } catch (error) {
        log[level]('command', { ...fields, error: (error as { code?: string }).code ?? String(error) });
        throw error;
      }
    },
  };
}

const fieldsOf = (command: JsonObject, headers: DittoHeaders): Record<string, unknown> => ({
  command: cut(command['type']),
  connectionId: cut(idOf(command)),
  correlationId: cut(headers['correlation-id']),
});

function idOf(command: JsonObject): unknown {
  const { connectionId, connection } = command as { connectionId?: unknown; connection?: { id?: unknown } };
  return connectionId ?? connection?.id;
}

const outcomeOf = ({ status, isError, json }: Reply): Record<string, unknown> => ({
  status,
  ...(isError ? { error: json['error'] } : {}),
});
