import type { JsonObject, JsonValue, StatusInfo } from '@hawser/core';

/** What the door needs to know of the service beyond its commands. Implemented by the composition root. */
export interface ServiceInfo {
  /** `connectivity`. */
  readonly serviceName: string;
  /** `INSTANCE_INDEX`, else the host name. */
  readonly instance: string;
  /** Static facts for `/status`. */
  staticStatus(): JsonObject;
  /** Health tree of this process (spec 01, 7); cheap, it may be called every second. */
  health(): Promise<StatusInfo>;
  /** True once the list of connections is loaded and the store answers. */
  isReady(): Promise<boolean>;
  /** Level of the application log by the words of `/devops/logging`. */
  logLevel(): string;
  /** False when the level was not applied. */
  setLogLevel(logger: string | undefined, level: string): boolean;
  /** Configuration below a dotted path, secrets masked; undefined for an unknown path. */
  configAt(path: string | undefined): JsonValue | undefined;
}

/** The metrics of the process in Prometheus' text format. */
export interface MetricsPage {
  readonly contentType: string;
  render(): Promise<string>;
}

/** Values of a log entry that are wanted; absent: any. */
export interface LogFilter {
  readonly level: readonly string[] | undefined;
  readonly category: readonly string[] | undefined;
  readonly type: readonly string[] | undefined;
  readonly address: readonly string[] | undefined;
}

/** The logs of connections while they are written. */
export interface LogTails {
  /**
   * Gives the entries from now on, until the returned function is called.
   *
   * @param send `entry` makes the JSON text of an entry, of a bounded length; it need not be called
   * @param ended the connection was deleted, or the process ends
   */
  tail(
    connectionId: string,
    filter: LogFilter,
    send: (entry: () => string) => void,
    ended: () => void,
  ): () => void;
}
