import { expect, test } from '@jest/globals';
import { lookUpHosts } from './lookUpHosts.ts';

test('names are looked up together, each once, and what was not asked for is unknown', async () => {
  const asked: string[] = [];
  const look = await lookUpHosts(['broker', 'other', 'broker'], async (host) => {
    asked.push(host);
    return { addresses: ['10.0.0.1'] };
  });
  expect(asked).toEqual(['broker', 'other']);
  expect(look('broker')).toEqual({ addresses: ['10.0.0.1'] });
  expect(look('nowhere')).toEqual({ failure: 'nowhere: Name or service not known' });
});
