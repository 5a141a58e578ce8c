import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assignRanges } from './rangeAssigner.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('runs of a topic’s partitions, the first members get one more', () => {
  const members = ['b', 'a', 'c'].map((memberId) => ({ memberId, topics: ['t'] }));
  expect(Object.fromEntries(assignRanges(members, new Map([['t', [4, 3, 2, 1, 0]]])))).toEqual({
    a: { t: [0, 1] },
    b: { t: [2, 3] },
    c: { t: [4] },
  });
});

test('every partition goes to one of those who want its topic, and to nobody else', () => {
  const topics = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(
      fc.array(topics, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
      (wants, counts) => {
        const members = wants.map((wanted, index) => ({ memberId: `m${index}`, topics: wanted }));
        const partitionsOf = new Map(['a', 'b', 'c', 'd'].map((topic, i) => [topic, range(counts[i] ?? 0)]));
        const shares = assignRanges(members, partitionsOf);
        expect([...shares.keys()].sort()).toEqual(members.map(({ memberId }) => memberId).sort());
        for (const [topic, partitions] of partitionsOf) {
          const takers = members.filter((member) => member.topics.includes(topic));
          const given = members.map(({ memberId }) => shares.get(memberId)?.[topic] ?? []);
          expect(given.flat().sort()).toEqual(takers.length === 0 ? [] : partitions);
          members.forEach((member, i) => {
            if (!member.topics.includes(topic)) expect(given[i]).toEqual([]);
            else
              expect(given[i]?.length).toBeGreaterThanOrEqual(Math.floor(partitions.length / takers.length));
          });
        }
      },
    ),
  );
});
