import { VirtualClock } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { hostResolver } from './hostResolver.ts';

const addresses: Readonly<Record<string, readonly string[]>> = {
  broker: ['10.0.0.1', 'fd00::1'],
  empty: [],
};
const resolve = async (host: string): Promise<readonly string[]> => {
  const found = addresses[host];
  if (found === undefined) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
  return found;
};
const unknown = (host: string) => ({ failure: `${host}: Name or service not known` });

test('a name is answered with all its addresses, or in the words that Java has for one without', async () => {
  const look = hostResolver(new VirtualClock(), 1_000, resolve);
  expect(await look('broker')).toEqual({ addresses: ['10.0.0.1', 'fd00::1'] });
  expect(await look('empty')).toEqual(unknown('empty'));
  expect(await look('nowhere')).toEqual(unknown('nowhere'));
});

test('a name server that does not answer is waited for no longer than the limit', async () => {
  const clock = new VirtualClock();
  const answer = hostResolver(clock, 1_000, () => new Promise(() => undefined))('slow');
  clock.advance(1_000);
  expect(await answer).toEqual(unknown('slow'));
  expect(clock.pendingTimers).toBe(0);
});
