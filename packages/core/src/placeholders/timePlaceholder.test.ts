import { expect, test } from '@jest/globals';
import { compileTemplate } from './template.ts';
import { timePlaceholder } from './timePlaceholder.ts';

const now = Date.parse('2024-02-29T14:23:42.123Z');
const resolve = (name: string) =>
  compileTemplate(`{{ time:${name} }}`, [timePlaceholder]).resolve({ now }).values[0];

test.each([
  ['now', '2024-02-29T14:23:42.123Z'],
  ['now+90', '2024-02-29T14:25:12.123Z'],
  ['now-877ms', '2024-02-29T14:23:41.246Z'],
  ['now+877ms', '2024-02-29T14:23:43Z'],
  ['now[ms]', '2024-02-29T14:23:42.123Z'],
  ['now[w]', '2024-02-26T00:00:00Z'],
  ['now-4d[w]', '2024-02-19T00:00:00Z'],
  ['now[mo]', '2024-02-01T00:00:00Z'],
  ['now+1d[mo]', '2024-03-01T00:00:00Z'],
  ['now-2w[y]', '2024-01-01T00:00:00Z'],
  ['now_epoch_millis', String(now)],
  ['now_epoch_millis-1h[h]', String(Date.parse('2024-02-29T13:00:00Z'))],
])('time:%s is %s', (name, expected) => {
  expect(resolve(name)).toBe(expected);
});

test.each([
  '',
  'later',
  'now-',
  'now-1x',
  'now--1s',
  'now1h',
  'now[x]',
  'now[d',
  'now]d[',
  'now-1h[d]x',
  'now+99999999999999999999',
])('time:%s is no placeholder', (name) => {
  expect(() => resolve(name)).toThrow(`The placeholder 'time:${name}' could not be resolved.`);
});

test('an instant that no date can hold does not resolve', () => {
  expect(() => resolve('now+9999999999h')).toThrow(
    "The placeholder 'time:now+9999999999h' could not be resolved.",
  );
  expect(() => resolve('now-2400474000h[y]')).toThrow('could not be resolved');
});

test('without a clock nothing resolves', () => {
  expect(compileTemplate('{{ time:now }}', [timePlaceholder]).first({})).toBeUndefined();
});
