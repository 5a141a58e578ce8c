import {
  type Connection,
  type HostAnswer,
  type HostLookup,
  hostsToLookUp,
  javaScriptAlias,
  lookUpHosts,
  type ScriptEngine,
  type TryingScriptEngine,
  type ValidationConfig,
} from '@hawser/core';

/** What is found out about a connection before it is validated. */
export interface ValidationFacts {
  /** Refuses scripts that could not be loaded. */
  readonly scripts: ScriptEngine;
  /** Knows the addresses of the hosts that the connection names. */
  readonly hosts: HostLookup;
}

/** Tries scripts out and looks hosts up; undefined at once for a connection with neither. */
export function findValidationFacts(
  scripts: TryingScriptEngine,
  validation: ValidationConfig,
  resolveHost: (host: string) => Promise<HostAnswer>,
): (connection: Connection) => Promise<ValidationFacts> | undefined {
  return (connection) => {
    const definitions = Object.values(connection.mappingDefinitions);
    const hasScripts = definitions.some(({ mappingEngine }) => mappingEngine === javaScriptAlias);
    const hosts = hostsToLookUp(connection, validation);
    if (!hasScripts && hosts.length === 0) return undefined;
    return Promise.all([scripts.tryOut(connection.mappingDefinitions), lookUpHosts(hosts, resolveHost)]).then(
      ([tried, known]) => ({ scripts: tried, hosts: known }),
    );
  };
}
