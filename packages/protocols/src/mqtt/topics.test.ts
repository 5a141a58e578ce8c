import { describe, expect, test } from '@jest/globals';
import { isTopicName, topicMatcher } from './topics.ts';

describe('topic filters', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/b/', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['a/+/c', 'a/b/c', true],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
    ['$share/g/a/+', 'a/b', true],
    ['$share/g/a/b', 'a/b', true],
    ['+', '', true],
    ['a+', 'ab', false],
  ])('%s against %s: %s', (filter, topic, expected) => {
    expect(topicMatcher(filter)(topic)).toBe(expected);
  });
});

test.each([
  ['', false],
  ['a/+', false],
  ['a#', false],
  ['a\0', false],
  ['\uFFFD', false],
  ['/', true],
  ['$SYS/a', true],
])('a message may be published to %j: %s', (topic, expected) => {
  expect(isTopicName(topic)).toBe(expected);
});
