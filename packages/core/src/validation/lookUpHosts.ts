import type { Connection } from '../model/connection.ts';
import { connectionHosts } from './connectionHosts.ts';
import { type HostAnswer, type HostLookup, needsLookup, noLookup } from './hostPolicy.ts';
import type { ValidationConfig } from './validationConfig.ts';

/** Names whose addresses `validateConnection` will ask for. */
export function hostsToLookUp(connection: Connection, { hosts }: ValidationConfig): readonly string[] {
  if (!hosts.isEnabled) return [];
  return connectionHosts(connection).filter((host) => needsLookup(hosts, host));
}

/**
 * Resolves names together, each once, for the rules that ask for their addresses and wait for nothing.
 *
 * @param resolve must not reject: a failure is an answer, with the reason as text
 */
export async function lookUpHosts(
  hosts: readonly string[],
  resolve: (host: string) => Promise<HostAnswer>,
): Promise<HostLookup> {
  const answers = await Promise.all(
    [...new Set(hosts)].map(async (host) => [host, await resolve(host)] as const),
  );
  const known = new Map<string, HostAnswer>(answers);
  return (host) => known.get(host) ?? noLookup(host);
}
