import type { Log, LogFields } from '@hawser/core';

export interface LogLine {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines for tests to read. */
export class RecordingLog implements Log {
  readonly lines: LogLine[];
  readonly #fields: LogFields;

  constructor(lines: LogLine[] = [], fields: LogFields = {}) {
    this.lines = lines;
    this.#fields = fields;
  }

  trace = (message: string, fields?: LogFields): void => this.#add('trace', message, fields);
  debug = (message: string, fields?: LogFields): void => this.#add('debug', message, fields);
  info = (message: string, fields?: LogFields): void => this.#add('info', message, fields);
  warn = (message: string, fields?: LogFields): void => this.#add('warn', message, fields);
  error = (message: string, fields?: LogFields): void => this.#add('error', message, fields);
  child = (fields: LogFields): Log => new RecordingLog(this.lines, { ...this.#fields, ...fields });

  #add(level: LogLine['level'], message: string, fields: LogFields = {}): void {
    this.lines.push({ level, message, fields: { ...this.#fields, ...fields } });
  }
}
