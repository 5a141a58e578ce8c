import { describe, expect, test } from '@jest/globals';
import type { Signal } from '../protocol/signal.ts';
import { parseTopicPath } from '../protocol/topicPath.ts';
import { compileAuthorization } from './authorization.ts';
import { compileConditions } from './conditions.ts';
import { compileEnforcement, enforcementInputPlaceholder } from './enforcement.ts';

function signal(entityType: Signal['entityType'], entityId: string | undefined): Signal {
  const topic = parseTopicPath('org.acme/pump/things/twin/commands/modify');
  return {
    kind: 'command',
    type: 'things.commands:modifyAttribute',
    adaptable: { topic, headers: {}, path: '/attributes/a', value: 1 },
    headers: {},
    entityId,
    entityType,
    resourcePath: '/attributes/a',
    status: undefined,
    category: 'MODIFY',
  };
}

const enforcement = (input: string, ...filters: string[]) =>
  compileEnforcement({ input, filters }, enforcementInputPlaceholder('kafka', input));
const thing = signal('thing', 'org.acme:pump');

describe('enforcement', () => {
  test('takes the exact spelling of a header and its first value', () => {
    expect(enforcement('{{ header:d | fn:split(",") }}').input({ headers: { d: 'a,b' } })).toBe('a');
    expect(() => enforcement('{{ header:D }}').input({ headers: { d: 'a' } })).toThrow(
      "The placeholder '{{ header:D }}' could not be resolved.",
    );
  });

  test.each([
    ['mqtt', 'x', 'source'],
    ['mqtt-5', 'a/{{ source:address }}', 'source'],
    ['mqtt-5', '{{ header:x }}', 'header'],
    ['amqp-10', '{{ source:address }}', 'header'],
  ] as const)('of %s resolves %s with %s:', (type, input, prefix) => {
    expect(enforcementInputPlaceholder(type, input).prefix).toBe(prefix);
  });

  test('passes when any value of any filter is the input', () => {
    const { check } = enforcement(
      'x',
      '{{ policy:id }}',
      '{{ thing:name }}',
      "{{ thing:id | fn:split(':') }}",
    );
    expect(() => check(thing, 'pump')).not.toThrow();
    expect(() => check(thing, 'org.acme')).not.toThrow();
    expect(() => check(thing, 'PUMP')).toThrow(
      "The configured filters could not be matched against the given target with ID 'PUMP'.",
    );
  });

  test('tells of the placeholder when a single filter fits no kind of entity, and of a mismatch else', () => {
    const policy = signal('policy', 'org.acme:pol');
    expect(() => enforcement('x', '{{ thing:id }}').check(policy, 'x')).toThrow(
      "The placeholder '{{ thing:id }}' could not be resolved.",
    );
    expect(() => enforcement('x', '{{ thing:id }}', '{{ thing:name }}').check(policy, 'x')).toThrow(
      'matched',
    );
    expect(() => enforcement('x').check(policy, 'x')).toThrow('matched');
    expect(() => enforcement('x', 'x').check(signal(undefined, undefined), 'x')).toThrow('matched');
  });
});

describe('the authorization context of a source', () => {
  test('without placeholders costs nothing', () => {
    const subjects = ['a:b'];
    expect(compileAuthorization(subjects)({})).toBe(subjects);
  });

  test('takes every value as a subject, and no empty one', () => {
    const resolve = compileAuthorization(['x:y', 't:{{ header:t | fn:split(",") }}', '{{ header:e }}']);
    expect(resolve({ t: 'a,b', e: 'c' })).toEqual(['x:y', 't:a', 't:b', 'c']);
    expect(() => resolve({ t: 'a', e: '' })).toThrow('must not be empty');
    expect(() => resolve({ t: 'a' })).toThrow("The placeholder '{{ header:e }}' could not be resolved.");
  });
});

describe('conditions', () => {
  test('must all leave something', () => {
    const passes = compileConditions(["fn:filter(header:a,'eq','1')", "fn:filter(header:b,'exists')"]);
    expect(passes({ headers: { a: '1', b: 'x' } })).toBe(true);
    expect(passes({ headers: { a: '1' } })).toBe(false);
    expect(compileConditions([])({})).toBe(true);
  });

  test('are pipelines of functions, each of which is looked at', () => {
    const passes = compileConditions(["fn:filter('a','eq','b')", 'header:x']);
    expect(() => passes({ headers: {} })).toThrow('The function <header:x> is not known.');
  });
});
