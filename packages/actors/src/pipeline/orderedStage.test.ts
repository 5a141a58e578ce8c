import { turns } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { OrderedStage } from './orderedStage.ts';

test('work that answers at once is delivered at once', () => {
  const stage = new OrderedStage<number>(1);
  const delivered: unknown[] = [];
  stage.run(
    () => 1,
    (outcome) => delivered.push(outcome),
  );
  stage.run(
    () => {
      throw new Error('no');
    },
    ({ error }) => delivered.push((error as Error).message),
  );
  expect(delivered).toEqual([{ value: 1 }, 'no']);
});

test('outcomes come in the order of the work, and no more run at a time than allowed', async () => {
  const stage = new OrderedStage<number>(2);
  const delivered: number[] = [];
  const release: (() => void)[] = [];
  let running = 0;
  let most = 0;
  for (let n = 0; n < 5; n++) {
    stage.run(
      () => {
        running++;
        most = Math.max(most, running);
        return new Promise<number>((resolve) => {
          release[n] = () => {
            running--;
            resolve(n);
          };
        });
      },
      (outcome) => delivered.push('value' in outcome ? outcome.value : -1),
    );
  }
  stage.run(
    () => 5,
    () => delivered.push(5),
  );
  release[1]?.();
  await turns();
  expect(delivered).toEqual([]);
  for (let n = 0; n < 5; n++) {
    release[n]?.();
    await turns();
  }
  expect(delivered).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('work that a delivery brings waits for its turn', () => {
  const stage = new OrderedStage<string>(1);
  const delivered: string[] = [];
  stage.run(
    () => 'first',
    () => {
      stage.run(
        () => 'second',
        () => delivered.push('second'),
      );
      delivered.push('first');
    },
  );
  expect(delivered).toEqual(['first', 'second']);
});
