import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OffsetWindow } from './offsetWindow.ts';

test('what is committed ends before the first unsettled record', () => {
  const window = new OffsetWindow(5);
  const [first, second, third] = [5, 6, 9].map((offset) => window.deliver(offset));
  if (first === undefined || second === undefined || third === undefined) throw new Error('not delivered');
  expect(window.settle(second)).toBe(0);
  expect(window.committable).toBe(5);
  expect(window.settle(first)).toBe(2);
  // 7 and 8 are not there: compacted, or marks of transactions
  expect(window.committable).toBe(9);
  expect(window.settle(third)).toBe(1);
  expect(window.committable).toBe(10);
  expect(window.span).toBe(0);
});

test('in whatever order records are settled: never beyond an unsettled one, and all in the end', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000),
      fc.array(fc.record({ gap: fc.nat(3), key: fc.nat() }), { minLength: 1, maxLength: 60 }),
      fc.nat(60),
      (start, records, laterFrom) => {
        const window = new OffsetWindow(start);
        let offset = start - 1;
        const offsets = records.map(({ gap }) => {
          offset += 1 + gap;
          return offset;
        });
        const open = new Set<number>();
        const deliver = (each: number) => {
          open.add(each);
          return window.deliver(each);
        };
        const early = offsets.slice(0, laterFrom).map(deliver);
        const order = (index: number): number => records[index]?.key ?? 0;
        const settleAll = (
          delivered: readonly { readonly offset: number; isSettled: boolean }[],
          from: number,
        ) => {
          const shuffled = delivered
            .map((each, i) => ({ each, key: order(from + i) }))
            .sort((a, b) => a.key - b.key);
          for (const { each } of shuffled) {
            const span = window.span;
            const before = window.committable;
            const freed = window.settle(each);
            open.delete(each.offset);
            expect(window.span).toBe(span - freed);
            expect(window.committable).toBeGreaterThanOrEqual(before);
            const firstOpen = Math.min(...open, Number.POSITIVE_INFINITY);
            expect(window.committable).toBeLessThanOrEqual(firstOpen);
            // nothing that is settled lies between what can be committed and the first unsettled record
            if (open.size > 0) expect(window.committable === firstOpen || window.span === span).toBe(true);
          }
        };
        settleAll(early.slice(0, Math.floor(early.length / 2)), 0);
        const late = offsets.slice(laterFrom).map(deliver);
        settleAll([...early.slice(Math.floor(early.length / 2)), ...late], Math.floor(early.length / 2));
        expect(window.committable).toBe(offset + 1);
        expect(window.span).toBe(0);
      },
    ),
  );
});
