import { lookup } from 'node:dns/promises';
import type { Clock, HostAnswer } from '@hawser/core';

/** Addresses of a name as the operating system gives them. @throws Error when it has none */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

const systemResolver: ResolveHost = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Looks names up for the rules on hosts, each within a limit: a name server that does not answer must not hold a command
 * for long. A name without an address is told in Java's words.
 */
export function hostResolver(
  clock: Clock,
  timeoutMs: number,
  resolve: ResolveHost = systemResolver,
): (host: string) => Promise<HostAnswer> {
  return (host) =>
    new Promise((answer) => {
      const failed = (): void => answer({ failure: `${host}: Name or service not known` });
      const cancel = clock.after(timeoutMs, failed);
      resolve(host)
        .then((addresses) => (addresses.length === 0 ? failed() : answer({ addresses })), failed)
        .finally(cancel);
    });
}
