import { describe, expect, test } from '@jest/globals';
import { Fifo } from './fifo.ts';

describe('Fifo', () => {
  test('gives back in order, also what comes while it is emptied', () => {
    const queue = new Fifo<number>();
    const taken: (number | undefined)[] = [];
    let next = 0;
    for (let round = 0; round < 5_000; round++) {
      queue.push(next++);
      queue.push(next++);
      taken.push(queue.shift());
    }
    expect([queue.length, queue.first()]).toEqual([5_000, 5_000]);
    while (queue.length > 0) taken.push(queue.shift());
    expect(taken).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  });

  test('has nothing to give when it is empty', () => {
    const queue = new Fifo<string>();
    expect([queue.first(), queue.shift(), queue.length]).toEqual([undefined, undefined, 0]);
    queue.push('a');
    queue.clear();
    expect([queue.shift(), queue.length]).toEqual([undefined, 0]);
  });
});
