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
 * Resolves the names that `validateConnection` will ask for, which waits for nothing itself.
 * `resolve` must not reject: a failure is an answer, with the reason as text.
 */
export async function lookUpHosts(
  connection: Connection,
  config: ValidationConfig,
  resolve: (host: string) => Promise<HostAnswer>,
): Promise<HostLookup> {
  const names = new Set(hostsToLookUp(connection, config));
  const answers = await Promise.all([...names].map(async (host) => [host, await resolve(host)] as const));
  const known = new Map<string, HostAnswer>(answers);
  return (host) => known.get(host) ?? noLookup(host);
}
