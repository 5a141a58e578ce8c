import { describe, expect, test } from '@jest/globals';
import { andThen, attempt, mapInOrder } from './maybePromise.ts';

describe('what may be there now or later', () => {
  test('goes on at once when it is there', async () => {
    expect(andThen(1, (n) => n + 1)).toBe(2);
    await expect(andThen(Promise.resolve(1), (n) => n + 1)).resolves.toBe(2);
  });

  test('hands over what is thrown, now or later', async () => {
    const fail = (): number => {
      throw new Error('now');
    };
    expect(attempt<unknown>(fail, (error) => error)).toEqual(new Error('now'));
    await expect(
      attempt<unknown>(
        () => Promise.reject(new Error('later')),
        (error) => error,
      ),
    ).resolves.toEqual(new Error('later'));
  });

  test('is done one after the other, and without a promise as long as no step needs one', async () => {
    const order: number[] = [];
    const step = (ms: number) => {
      order.push(ms);
      return ms < 0 ? Promise.resolve(ms * 2) : ms * 2;
    };
    expect(mapInOrder([1, 2], step)).toEqual([2, 4]);
    const later = mapInOrder([1, -2, 3], step);
    expect(order).toEqual([1, 2, 1, -2]);
    await expect(later).resolves.toEqual([2, -4, 6]);
    expect(order).toEqual([1, 2, 1, -2, 3]);
  });
});
