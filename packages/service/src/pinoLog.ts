import type { Log, LogFields } from '@hawser/core';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export interface ServiceLog extends Log {
  /** Changes the level of this log and of all its children. False for an unknown one. */
  setLevel(level: string): boolean;
  /** `off`, `error`, `warn`, `info`, `debug`, `trace` or `all`: the words of `/devops/logging`. */
  level(): string;
}

const LEVELS = ['all', 'trace', 'debug', 'info', 'warn', 'error', 'off'] as const;
type Level = (typeof LEVELS)[number];
const isLevel = (text: string): text is Level => (LEVELS as readonly string[]).includes(text);

/**
 * The application log: JSON lines on stdout, one an entry, control characters escaped by JSON.
 * Written synchronously, so that the last line before an end of the process is there.
 *
 * @throws Error for an unknown level
 */
export function createLog(
  level: string,
  stream: { write(line: string): void } = destination({ sync: true }),
): ServiceLog {
  if (!isLevel(level)) throw new Error(`unknown log level ${level}: there are ${LEVELS.join(', ')}`);
  const logger = pino(
    {
      level: 'trace',
      base: { service: 'connectivity' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError },
    },
    stream,
  );
  return wrap(logger, { level });
}

/** `shared` is one for a log and its children: pino's own children would keep the level that they were born with. */
function wrap(logger: Logger, shared: { level: Level }): ServiceLog {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(level) >= LEVELS.indexOf(shared.level)) logger[level](bounded(fields), cut(message));
    };
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(fields), shared),
    setLevel: (level) => {
      if (isLevel(level)) shared.level = level;
      return isLevel(level);
    },
    level: () => shared.level,
  };
}

const MAX_TEXT = 2000;
const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Texts of any length come in from outside; an entry is for people to read. */
function bounded(fields: LogFields): LogFields {
  const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > MAX_TEXT;
  if (!Object.values(fields).some(isLong)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isLong(value) ? cut(value) : value]),
  );
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  return { name, message: cut(message), stack: stack === undefined ? undefined : cut(stack) };
}
