import { describe, expect, test } from '@jest/globals';
import { mqttTopicFault, mqttTopicFilterFault } from './mqttTopic.ts';

describe('topic names', () => {
  test.each(['a', '/', 'a//b', '$share/g/t', '{{ thing:id }}', '€'])('%s is one', (topic) => {
    expect(mqttTopicFault(topic)).toBeUndefined();
  });

  test.each([
    ['', 'Topic must be at least one character long.'],
    ['a/+', 'Topic [a/+] must not contain single level wildcard (+), found at index 2.'],
    ['+/#', 'Topic [+/#] must not contain multi level wildcard (#), found at index 2.'],
    ['a\0', 'Topic [a\0] must not contain null character (U+0000), found at index 1.'],
    ['\ud800', 'Topic [\ud800] must not contain unmatched UTF-16 surrogate, found at index 0.'],
    ['\ud800a', 'Topic [\ud800a] must not contain unmatched UTF-16 surrogate, found at index 1.'],
    ['a\udc00', 'Topic [a\udc00] must not contain unmatched UTF-16 surrogate, found at index 1.'],
    ['€'.repeat(22_000), 'Topic [€€€€€€€€€€...] must not be longer than 65535 bytes, but was 66000 bytes.'],
  ])('%.10s is none', (topic, fault) => {
    expect(mqttTopicFault(topic)).toBe(fault);
  });
});

describe('topic filters', () => {
  test.each(['#', '+', '+/+', 'a/#', '/#', '+/a/+/#', '$share/g/#', '$share/g/+/a', '$sharea'])(
    '%s is one',
    (filter) => {
      expect(mqttTopicFilterFault(filter)).toBeUndefined();
    },
  );

  const misplaced = (filter: string, problem: string): string =>
    `Topic filter [${filter}] contains misplaced wildcard characters. ${problem}`;

  test.each([
    ['a+', misplaced('a+', 'Wildcard (+) at index 1 must follow a topic level separator.')],
    ['a/#/b', misplaced('a/#/b', 'Multi level wildcard (#) must be the last character.')],
    ['##', misplaced('##', 'Multi level wildcard (#) must be the last character.')],
    [
      'a/+b',
      misplaced('a/+b', 'Single level wildcard (+) at index 2 must be followed by a topic level separator.'),
    ],
    ['$share/g/a+', misplaced('a+', 'Wildcard (+) at index 1 must follow a topic level separator.')],
    ['$share/+/a', 'Share name [+] must not contain single level wildcard (+), found at index 7.'],
    ['$share/', 'Share name must be at least one character long.'],
    ['$share//a', 'Share name must be at least one character long.'],
    ['$share/g', 'Topic filter must be at least one character long.'],
    ['$share/g/', 'Topic filter must be at least one character long.'],
    ['', 'Topic filter must be at least one character long.'],
  ])('%s is none', (filter, fault) => {
    expect(mqttTopicFilterFault(filter)).toBe(fault);
  });
});
