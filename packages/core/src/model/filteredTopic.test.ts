import { describe, expect, test } from '@jest/globals';
import { DittoError } from '../errors/dittoError.ts';
import { formatFilteredTopic, parseFilteredTopic } from './filteredTopic.ts';

const canonical = (text: string): string => formatFilteredTopic(parseFilteredTopic(text));

describe('a filtered topic', () => {
  test.each([
    [
      '_/_/things/twin/events?extraFields=attributes&filter=gt(a,1)&namespaces=a.b',
      '_/_/things/twin/events?namespaces=a.b&filter=gt(a,1)&extraFields=attributes',
    ],
    ["_/_/things/twin/events?filter=eq(a,'x+y%26z')", "_/_/things/twin/events?filter=eq(a,'x y&z')"],
    [
      '_/_/policies/announcements?namespaces=a&filter=x&extraFields=attributes',
      '_/_/policies/announcements?namespaces=a',
    ],
    ['_/_/connections/announcements?namespaces=a', '_/_/connections/announcements'],
    ['_/_/things/live/messages?', '_/_/things/live/messages'],
    ['_/_/things/live/events?namespaces=,a,,b,,', '_/_/things/live/events?namespaces=,a,,b'],
  ])('%s is written as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    ['_/_/things/twin/events?filter=%', 'URLDecoder: Incomplete trailing escape (%) pattern'],
    [
      '_/_/things/twin/events?filter=%zz',
      'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "zz"',
    ],
    [
      '_/_/things/twin/events?filter=%1z',
      'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 1 in: "1z"',
    ],
    ['_/_/things/twin/events?filter=a&filter=b', 'Duplicate key filter (attempted merging values a and b)'],
    [
      '_/_/things/twin/events?extraFields=attributes,%20features',
      'Thing field selection <attributes, features> was not valid.',
    ],
    ['_/_/things/twin/events?extraFields=attributes(a', 'The field selector <attributes(a> is invalid!'],
    ['_/_/policies/announcements?extraFields=bogus', 'Thing field selection <bogus> was not valid.'],
    [
      'x?filter=%zz&filter=1',
      'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "zz"',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => parseFilteredTopic(text)).toThrow(message);
    expect(() => parseFilteredTopic(text)).toThrow(DittoError);
  });

  test('malformed UTF-8 is replaced, well-formed is decoded', () => {
    expect(parseFilteredTopic('_/_/things/twin/events?filter=%C3%BC%ff').filter).toBe('ü\ufffd');
  });

  test('placeholders in extra fields are left for later', () => {
    expect(
      parseFilteredTopic('_/_/things/twin/events?extraFields=anything/{{ feature:id }}').extraFields,
    ).toBe('anything/{{ feature:id }}');
  });
});
