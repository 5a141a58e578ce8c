import { expect, test } from '@jest/globals';
import { PublishWindow } from './publishWindow.ts';

test('no more than the window are under way, the others follow in order', () => {
  const window = new PublishWindow(2);
  const sent: number[] = [];
  for (let i = 0; i < 5; i++) window.enter(() => sent.push(i));
  expect(sent).toEqual([0, 1]);
  window.done();
  expect(sent).toEqual([0, 1, 2]);
  window.done();
  window.done();
  expect(sent).toEqual([0, 1, 2, 3, 4]);
});

test('sends that end at once do not nest', () => {
  const window = new PublishWindow(1);
  let ended = 0;
  const endAtOnce = (): void => {
    ended++;
    window.done();
  };
  window.enter(() => {});
  for (let i = 0; i < 50_000; i++) window.enter(endAtOnce);
  window.done();
  expect(ended).toBe(50_000);
});
