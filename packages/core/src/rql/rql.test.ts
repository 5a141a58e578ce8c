import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { compileRql, compileThreeValued, Trilean } from './compileRql.ts';
import { parseRql } from './parseRql.ts';
import { printRql } from './printRql.ts';
import { topicFilterPlaceholders } from './topicFilterPlaceholders.ts';

const placeholders = topicFilterPlaceholders;
const matches = (filter: string, thing: string | JsonObject): boolean =>
  compileRql(parseRql(filter, { placeholders }))({
    thing: typeof thing === 'string' ? (parseJson(thing) as JsonObject) : thing,
    context: {},
  });

function refusal(filter: string): string {
  try {
    parseRql(filter, { placeholders });
  } catch (error) {
    if (isDittoError(error, 'rql.expression.invalid')) return error.message;
    throw error;
  }
  throw new Error(`${filter} was not refused`);
}

describe('grammar', () => {
  test.each([
    'eq(attributes/n, 5)',
    'eq(attributes/n,5) ',
    'eq(attributes/n,05)',
    'eq(attributes/n,-0)',
    'eq(attributes/n,1e3)',
    'eq(attributes/n,5.)',
    'eq(attributes/n,.5)',
    'and( eq(attributes/n,5))',
    'and(eq(attributes/n,5),)',
    'not(eq(attributes/n,5),eq(attributes/n,5))',
    'in(attributes/n)',
    'eq(attributes/n,"a\\x")',
    "eq(attributes/n,'a\\\"')",
    'EQ(attributes/n,5)',
    'eq (attributes/n,5)',
  ])('refuses %s', (filter) => {
    expect(refusal(filter)).toMatch(/^(Invalid input|Unexpected end)/);
  });

  test.each([
    ['eq(attributes/n,-0.5 )', -0.5],
    ['eq(attributes/n,+7)', 7],
    ['in(attributes/n,1 ,7\t)', 7],
    ['and(eq(attributes/n,7), ge(attributes/n,6.99))', 7],
    ['eq(attributes/n,"\\u0041\\/\\n")', 'A/\n'],
  ])('reads %s', (filter, n) => {
    expect(matches(filter, { attributes: { n } })).toBe(true);
  });

  test('names the property that nobody knows, but only after the syntax was right', () => {
    expect(refusal('and(eq(bogus,1),eq(other,2))')).toBe('Unknown property name: bogus');
    expect(refusal('and(eq(bogus,1),eq(other,2)')).toMatch(/^Unexpected end of input/);
    expect(refusal('eq(topic:nothing,1)')).toBe('Unknown property name: topic:nothing');
    expect(refusal('eq(features/f/properties,1)')).toBe('Unknown property name: features/f/properties');
  });

  test('says where the text went wrong', () => {
    expect(refusal('bogus(attributes/n,5)')).toBe(
      "Invalid input 'b', expected a query (line 1, column 1):\nbogus(attributes/n,5)\n^",
    );
  });

  test('refuses nesting that would exhaust the stack', () => {
    const deep = (levels: number): string =>
      `${'not('.repeat(levels)}exists(attributes/n)${')'.repeat(levels)}`;
    expect(matches(deep(98), {})).toBe(false);
    expect(refusal(deep(100_000))).toMatch(/deeper than <100>/);
  });

  test('a number that no long holds is refused, as Ditto does', () => {
    expect(refusal('eq(attributes/n,9223372036854775808)')).toBe(
      'Unknown error during parsing predicate: For input string: "9223372036854775808"',
    );
  });

  test('any text is either read or refused, and what was read prints and reads the same', () => {
    const piece = fc.constantFrom(
      ...[
        'eq(',
        'and(',
        'not(',
        'in(',
        'like(',
        'exists(',
        ')',
        ',',
        '"',
        "'",
        '\\',
        'attributes/a',
        '1',
        '.5',
      ],
      ...[' ', 'null', 'time:now', 'topic:action', '\\u0041', 'é', '9'.repeat(18), 'features/f/properties/x'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        let node: ReturnType<typeof parseRql>;
        try {
          node = parseRql(pieces.join(''), { placeholders });
        } catch (error) {
          expect(isDittoError(error, 'rql.expression.invalid')).toBe(true);
          return;
        }
        expect(JSON.stringify(parseRql(printRql(node), { placeholders }))).toBe(JSON.stringify(node));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('fields', () => {
  const thing =
    '{"thingId":"a.b:c","_revision":7,"attributes":{"objs":[{"k":1},{"k":[2,{"x":1}]}],"a~b":{"c":3}}}';

  test('arrays are flattened, on the way and at the end', () => {
    expect(matches('eq(attributes/objs/k,2)', thing)).toBe(true);
    expect(matches('eq(attributes/objs/k/x,1)', thing)).toBe(true);
    expect(matches('ne(attributes/objs/k,3)', thing)).toBe(true);
    expect(matches('exists(attributes/objs/k)', thing)).toBe(true);
    expect(matches('empty(attributes/objs/z)', thing)).toBe(true);
  });

  test('the namespace comes from the id; special fields never exist', () => {
    expect(matches('eq(_namespace,"a.b")', thing)).toBe(true);
    expect(matches('eq(_revision,7)', thing)).toBe(true);
    expect(matches('exists(_revision)', thing)).toBe(false);
    expect(matches('empty(_revision)', thing)).toBe(true);
  });

  test('keys are decoded, and inherited members are no fields', () => {
    expect(matches('eq(attributes/a~0b/c,3)', thing)).toBe(true);
    expect(matches('exists(attributes/constructor)', thing)).toBe(false);
    expect(matches('exists(attributes/__proto__)', thing)).toBe(false);
    expect(matches('eq(attributes/objs/length,2)', thing)).toBe(false);
  });

  test('a pointer with an empty key parses, but cannot be evaluated', () => {
    const node = parseRql('eq(attributes//n,5)');
    expect(() => compileRql(node)).toThrow('The JSON pointer </attributes//n> is invalid!');
  });
});

describe('comparison', () => {
  test.each([
    ['eq(attributes/v,9007199254740993)', '9007199254740993', true],
    ['eq(attributes/v,9007199254740993)', '9007199254740992', false],
    ['gt(attributes/v,9007199254740992)', '9007199254740993', true],
    ['lt(attributes/v,5)', '-1e999999999', true],
    ['gt(attributes/v,0.1)', '"1e-3"', false],
    ['eq(attributes/v,"5.0")', '5', true],
    ['eq(attributes/v,5)', '"05"', true],
    ['eq(attributes/v,5)', '" 5"', false],
    ['eq(attributes/v,true)', '"true"', true],
    ['gt(attributes/v,5)', '"x"', true],
    ['gt(attributes/v,false)', 'true', true],
    ['le(attributes/v,null)', 'null', false],
    ['in(attributes/v,null,1)', 'null', false],
    ['like(attributes/v,"5?")', '55', true],
    ['like(attributes/v,"*")', 'null', false],
  ])('%s on %s is %s', (filter, v, expected) => {
    expect(matches(filter, `{"attributes":{"v":${v}}}`)).toBe(expected);
  });

  test('time on the right is resolved when it is asked', () => {
    const predicate = compileRql(parseRql('lt(attributes/t,time:now)', { placeholders }));
    const at = (now: string) => ({
      thing: { attributes: { t: '2024-01-01T00:00:00Z' } },
      context: { now: Date.parse(now) },
    });
    expect(predicate(at('2025-01-01T00:00:00Z'))).toBe(true);
    expect(predicate(at('2023-01-01T00:00:00Z'))).toBe(false);
    expect(predicate({ thing: {}, context: {} })).toBe(false);
  });
});

test('what is not known yet decides nothing', () => {
  const known = { attributes: { a: 1 } };
  const outcome = (filter: string): number =>
    compileThreeValued(
      parseRql(filter),
      (field) => field.kind === 'path' && field.path[1] === 'x',
    )({ thing: known, context: {} });
  const [yes, no, unknown] = ['eq(attributes/a,1)', 'eq(attributes/a,2)', 'eq(attributes/x,1)'];
  expect(outcome(`not(${unknown})`)).toBe(Trilean.unknown);
  expect(outcome(`and(${yes},${unknown})`)).toBe(Trilean.unknown);
  expect(outcome(`and(${no},${unknown})`)).toBe(Trilean.no);
  expect(outcome(`or(${yes},${unknown})`)).toBe(Trilean.yes);
  expect(outcome(`or(${no},${unknown})`)).toBe(Trilean.unknown);
  expect(outcome(`not(and(${yes},not(${no})))`)).toBe(Trilean.no);
});
