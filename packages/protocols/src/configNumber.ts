import type { ClientContext } from '@hawser/core';

/** A number of the service's configuration; whoever embeds a transport may leave all of them out. */
export function configNumber(config: ClientContext['config'], key: string, otherwise: number): number {
  const value = config[key];
  return typeof value === 'number' ? value : otherwise;
}
