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
    if (!hasScripts && hostsToLookUp(connection, validation).length === 0) return undefined;
    return Promise.all([
      scripts.tryOut(connection.mappingDefinitions),
      lookUpHosts(connection, validation, resolveHost),
    ]).then(([tried, hosts]) => ({ scripts: tried, hosts }));
  };
}
