import { expect, test } from '@jest/globals';
import { Moment } from './moment.ts';

test('nobody waits for what has not begun', async () => {
  await expect(new Moment().reached).resolves.toBeUndefined();
});

test('all who wait go on when it is over, also those who come again', async () => {
  const moment = new Moment();
  const reached: string[] = [];
  for (const time of ['first', 'second']) {
    moment.begin();
    const waiting = ['a', 'b'].map((who) => moment.reached.then(() => reached.push(`${time} ${who}`)));
    await Promise.resolve();
    expect(reached.filter((each) => each.startsWith(time))).toEqual([]);
    moment.pass();
    await Promise.all(waiting);
  }
  expect(reached).toEqual(['first a', 'first b', 'second a', 'second b']);
});
