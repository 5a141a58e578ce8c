import { expect, test } from '@jest/globals';
import { createLog } from './pinoLog.ts';

function capture(level: string) {
  const lines: string[] = [];
  return { lines, log: createLog(level, { write: (line) => lines.push(line) }) };
}

test('an entry is one JSON line with level, time and fields, whatever its text holds', () => {
  const { lines, log } = capture('info');
  log.info('line\nbreak \u001b[31m %s', { connectionId: 'c1\r\nfake' });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).not.toMatch(/[\n\r\u001b]/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    msg: 'line\nbreak \u001b[31m %s',
    service: 'connectivity',
  });
});

test('a change of level reaches children that were made before', () => {
  const { lines, log } = capture('warn');
  const child = log.child({ connectionId: 'c1' });
  child.info('hidden');
  expect(log.setLevel('debug')).toBe(true);
  child.debug('shown');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['shown']);
  expect(log.setLevel('loud')).toBe(false);
  expect(log.level()).toBe('debug');
});

test('a long error is cut', () => {
  const { lines, log } = capture('info');
  log.error('failed', { error: new Error('x'.repeat(1_000_000)) });
  expect(lines[0]?.length).toBeLessThan(6000);
});

test('long texts are cut, and what looks like an entry stays a text', () => {
  const { lines, log } = capture('info');
  log.info('m'.repeat(1_000_000), { a: `\r\n{"level":"error"}\u001b[2J%s${'x'.repeat(1_000_000)}`, b: 1 });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThan(6000);
  expect(lines[0]?.trimEnd()).not.toMatch(/[\n\r\u001b]/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    b: 1,
    a: expect.stringContaining('{"level":"error"}'),
  });
});
