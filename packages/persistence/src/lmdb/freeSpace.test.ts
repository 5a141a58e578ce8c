import { expect, test } from '@jest/globals';
import { FreeSpace } from './freeSpace.ts';

test('appends are refused before the disk is full, and taken again when there is room', () => {
  let free = 20_000_000;
  const space = new FreeSpace('/data', 1_000_000, () => free);
  space.take(1_000);
  free = 1_000_500;
  expect(() => {
    for (let i = 0; i < 10_000; i++) space.take(1_000);
  }).toThrow(/less than 1000000 bytes free/);
  expect(() => space.take(1)).toThrow(expect.objectContaining({ reason: 'unavailable' }));
  free = 20_000_000;
  space.take(1_000);
});

test('an append larger than the room is refused at once', () => {
  const space = new FreeSpace('/data', 0, () => 1_000_000);
  expect(() => space.take(1_000_000)).toThrow(expect.objectContaining({ reason: 'unavailable' }));
});

test('the disk is looked at now and then, not at every append', () => {
  let looks = 0;
  const space = new FreeSpace('/data', 0, () => {
    looks++;
    return 1_600_000_000;
  });
  for (let i = 0; i < 1_000; i++) space.take(1_000);
  expect(looks).toBe(1);
});
