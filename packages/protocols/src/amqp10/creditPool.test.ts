import { expect, test } from '@jest/globals';
import { CreditPool } from './creditPool.ts';

class Consumer {
  credit = 0;
  isHeld = false;

  grant(credit: number): void {
    this.credit += credit;
  }

  /** A message comes. */
  receive(pool: CreditPool): void {
    this.credit--;
    pool.used(this);
  }
}

function poolOf(limit: number, window: number, count: number): [CreditPool, Consumer[]] {
  const pool = new CreditPool(limit, window);
  const consumers = Array.from({ length: count }, () => new Consumer());
  for (const consumer of consumers) pool.join(consumer);
  return [pool, consumers];
}

const creditOf = (consumers: readonly Consumer[]): number[] => consumers.map(({ credit }) => credit);

test('nobody gets credit before the start', () => {
  const [pool, consumers] = poolOf(100, 10, 2);
  expect(creditOf(consumers)).toEqual([0, 0]);
  pool.start();
  expect(creditOf(consumers)).toEqual([10, 10]);
});

test('credit is given again when half of it is used, not with each message', () => {
  const [pool, [consumer]] = poolOf(100, 10, 1);
  if (consumer === undefined) throw new Error('no consumer');
  pool.start();
  const credits: number[] = [];
  for (let n = 0; n < 6; n++) {
    consumer.receive(pool);
    credits.push(consumer.credit);
  }
  expect(credits).toEqual([9, 8, 7, 6, 10, 9]);
});

test('credit is given again while messages are under way, up to the limit', () => {
  const [pool, [consumer]] = poolOf(12, 10, 1);
  if (consumer === undefined) throw new Error('no consumer');
  pool.start();
  for (let n = 0; n < 12; n++) consumer.receive(pool);
  expect(consumer.credit).toBe(0);
  pool.giveBack();
  pool.giveBack();
  expect(consumer.credit).toBe(2);
});

test('a limit below all windows is shared evenly, and who has none comes first', () => {
  const [pool, consumers] = poolOf(4, 10, 3);
  pool.start();
  expect(creditOf(consumers)).toEqual([1, 1, 1]);
  const [, second] = consumers;
  second?.receive(pool);
  pool.giveBack();
  expect(creditOf(consumers).every((credit) => credit >= 1)).toBe(true);
});

test('who leaves gives its unused credit to the others, once', () => {
  const [pool, consumers] = poolOf(10, 10, 2);
  pool.start();
  const [first, second] = consumers;
  if (first === undefined) throw new Error('no consumer');
  pool.leave(first);
  pool.leave(first);
  expect(second?.credit).toBe(10);
});

test('who is held gets nothing until it is free again', () => {
  const [pool, [consumer]] = poolOf(20, 10, 1);
  if (consumer === undefined) throw new Error('no consumer');
  pool.start();
  consumer.isHeld = true;
  for (let n = 0; n < 5; n++) consumer.receive(pool);
  pool.giveBack();
  expect(consumer.credit).toBe(5);
  consumer.isHeld = false;
  pool.share();
  expect(consumer.credit).toBe(10);
});

test('a few messages without credit are counted, many are not let pass', () => {
  const [pool, [consumer]] = poolOf(10, 10, 1);
  if (consumer === undefined) throw new Error('no consumer');
  pool.start();
  for (let n = 0; n < 100; n++) expect(pool.overrun()).toBe(true);
  expect(pool.overrun()).toBe(false);
  consumer.credit = 0;
  for (let n = 0; n < 100; n++) pool.giveBack();
  expect(consumer.credit).toBe(0);
  pool.giveBack();
  expect(consumer.credit).toBe(1);
});
