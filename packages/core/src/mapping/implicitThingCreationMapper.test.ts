import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { type Adaptable, parseAdaptable } from '../protocol/adaptable.ts';
import { implicitThingCreationEngine } from './implicitThingCreationMapper.ts';

const create = (options: JsonObject) =>
  implicitThingCreationEngine.create(options, { now: () => 0, newId: () => 'id' });

function creation(options: JsonObject, headers: Readonly<Record<string, string>>): Adaptable | undefined {
  return (create(options).mapInbound({ headers }, { headers }) as readonly Adaptable[])[0];
}

const THING = {
  thingId: '{{ header:id }}',
  policyId: 'p:q',
  attributes: { gateway: 'gw {{ header:gw }}!', '{{ header:gw }}': [true, 'x'] },
  _copyPolicyFrom: '{{ header:pol }}',
};

describe('the ImplicitThingCreation mapper', () => {
  test('creates the thing of its template', () => {
    expect(creation({ thing: THING }, { id: 'a:b', gw: 'g', pol: 'o:p' })).toEqual({
      topic: {
        namespace: 'a',
        name: 'b',
        group: 'things',
        channel: 'twin',
        criterion: 'commands',
        action: 'create',
        subject: undefined,
      },
      headers: { 'if-none-match': '*', 'allow-policy-lockout': 'true' },
      path: '/',
      value: {
        _namespace: 'a',
        thingId: 'a:b',
        policyId: 'p:q',
        attributes: { gateway: 'gw g!', g: [true, 'x'] },
        _copyPolicyFrom: 'o:p',
      },
    });
  });

  test('resolves the headers of the command anew for each message', () => {
    const mapper = create({ thing: { thingId: 'a:b' }, commandHeaders: { x: '{{ header:x }}' } });
    const headerOf = (headers: Readonly<Record<string, string>>) =>
      (mapper.mapInbound({ headers }, { headers }) as readonly Adaptable[])[0]?.headers['x'];
    expect([headerOf({ x: '1' }), headerOf({ x: '2' }), headerOf({})]).toEqual(['1', '2', undefined]);
  });

  test.each([
    ['not resolved', { id: 'a:b' }, 'could not be resolved'],
    ['no id', { id: 'a b', gw: 'g', pol: 'o:p' }, "Thing ID 'a b' is not valid!"],
  ])('refuses a message whose values are %s', (_what, headers, message) => {
    expect(() => creation({ thing: THING }, headers)).toThrow(message);
  });

  test.each([
    [{}, "property 'thing' was missing"],
    [{ thing: { policyId: 'a:b' } }, "property 'thing/thingId' was missing"],
    [{ thing: 'no JSON' }, 'Failed to parse JSON'],
    [{ thing: { thingId: 'nope' } }, "Thing ID 'nope' is not valid!"],
    [{ thing: { thingId: 'a:b', policyId: 'nope' } }, "Policy ID 'nope' is not valid!"],
  ])('refuses the options %j', (options, message) => {
    expect(() => create(options)).toThrow(message);
  });

  test('drops what goes out, but for errors, which it throws', () => {
    const response = { topic: 'a/b/things/twin/commands/create', path: '/', status: 201 };
    expect(create({ thing: THING }).mapOutbound(parseAdaptable(response))).toEqual([]);
    const error = { status: 412, error: 'things:precondition.failed', message: 'm' };
    const adaptable = parseAdaptable({
      topic: 'a/b/things/twin/errors',
      path: '/',
      value: error,
      status: 412,
    });
    expect(() => create({ thing: THING }).mapOutbound(adaptable)).toThrow(
      expect.objectContaining({ code: 'things:precondition.failed', status: 412 }),
    );
  });
});

/** Names, types and nesting of a value, without the texts. */
const shape = (value: JsonValue | undefined): string =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'string' ? '' : member));

describe('a value from outside (GHSA-cgfq-3fv9-5c44)', () => {
  const template = { ...THING, attributes: { gateway: 'gw {{ header:gw }}!', list: ['{{ header:gw }}', 1] } };
  const expected = shape(creation({ thing: template }, { id: 'a:b', gw: 'g', pol: 'o:p' })?.value);
  const fragment = fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '","policyId":"x:y"',
    '","_policy":{}',
    '}',
    ',',
    ':',
    'u0022',
    '\n',
    '{{',
    'a',
  );

  test.each(['","policyId":"evil:policy', '"},"_policy":{"entries":{}},"attributes":{"x":"', '\\', 'a"'])(
    'that would end its string is refused: %s',
    (gw) => {
      expect(() => creation({ thing: template }, { id: 'a:b', gw, pol: 'o:p' })).toThrow(
        'Failed to parse JSON string',
      );
    },
  );

  test('never changes the shape of the thing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fragment).map((parts) => parts.join('')),
        ),
        (gw) => {
          try {
            expect(shape(creation({ thing: template }, { id: 'a:b', gw, pol: 'o:p' })?.value)).toBe(expected);
          } catch (error) {
            if (!isDittoError(error)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
