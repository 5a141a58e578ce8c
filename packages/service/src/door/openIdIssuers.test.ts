import { expect, test } from '@jest/globals';
import { ConfigError } from '../config/config.ts';
import { openIdIssuersOf } from './openIdIssuers.ts';

test('an issuer may be one, a list, or numbered as system properties have it', () => {
  expect(
    openIdIssuersOf({
      one: { issuer: 'a.example/realm' },
      list: { issuers: ['b.example', 'c.example'], 'auth-subjects': ['{{ jwt:groups }}'] },
      numbered: {
        'issuers.0': 'd.example',
        'issuers.1': 'e.example',
        'auth-subjects.0': 'x',
        'issuers.x': 'ignored',
      },
    }),
  ).toEqual([
    { name: 'one', issuers: ['a.example/realm'], authSubjects: ['{{ jwt:sub }}'] },
    { name: 'list', issuers: ['b.example', 'c.example'], authSubjects: ['{{ jwt:groups }}'] },
    { name: 'numbered', issuers: ['d.example', 'e.example'], authSubjects: ['x'] },
  ]);
});

test.each([
  [{}, 'needs an issuer'],
  [{ a: {} }, 'has no issuer'],
  [{ a: { issuer: '' } }, 'has no issuer'],
  [{ a: { issuer: 'https://a.example' } }, 'without its protocol'],
])('%j is refused', (group, message) => {
  expect(() => openIdIssuersOf(group)).toThrow(ConfigError);
  expect(() => openIdIssuersOf(group)).toThrow(message);
});
