import { expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { signalFromAdaptable } from './signalFromAdaptable.ts';
import { signalFromJson, signalJson } from './signalJson.ts';

const headers = { 'content-type': 'application/merge-patch+json' };
const topic = 'a/b/things/twin/commands/merge';

/** What DittoProtocolAdapter of ditto-protocol 3.8.0 makes of the patch of a whole thing. */
test.each<[JsonValue, JsonObject | string]>([
  [
    { attributes: { x: 1 }, _policy: { entries: {} } },
    { value: { attributes: { x: 1 } }, initialPolicy: { entries: {} } },
  ],
  [
    { attributes: {}, _copyPolicyFrom: 'a:b' },
    { value: { attributes: {} }, policyIdOrPlaceholder: 'a:b' },
  ],
  [
    { attributes: {}, _copyPolicyFrom: '{{ ref:things/a:b/policyId }}' },
    { value: { attributes: {} }, policyIdOrPlaceholder: '{{ ref:things/a:b/policyId }}' },
  ],
  [{ _revision: 5, attributes: null }, { value: { attributes: null } }],
  [{ attributes: {}, _copyPolicyFrom: 'nonsense' }, 'policies:id.invalid'],
  [{ attributes: {}, _policy: {}, _copyPolicyFrom: 'a:b' }, 'things:policy.conflicting'],
  [{ thingId: 'x:y', _policy: {}, _copyPolicyFrom: 'a:b' }, 'things:id.notsettable'],
  [{ attributes: {}, _policy: 5 }, 'json.invalid'],
  [{ _policy: {} }, 'things:merge.invalid'],
  [{ x: 1 }, 'things:merge.invalid'],
  [{}, 'things:merge.invalid'],
  [null, 'things:merge.invalid'],
])('merging %j', (value, expected) => {
  const make = () => signalFromAdaptable(parseAdaptable({ topic, headers, path: '/', value }));
  if (typeof expected === 'string') {
    let code: string | undefined;
    try {
      make();
    } catch (error) {
      code = isDittoError(error) ? error.code : undefined;
    }
    expect(code).toBe(expected);
    return;
  }
  const signal = make();
  const json = signalJson(signal);
  expect(json).toEqual({ type: 'things.commands:mergeThing', thingId: 'a:b', path: '/', ...expected });
  expect(signalFromJson(json, signal.headers, 'command').adaptable.value).toEqual(signal.adaptable.value);
});

test('a path in signal JSON is a pointer: ~0 is a tilde', () => {
  const json = { type: 'things.commands:mergeThing', thingId: 'a:b', path: '/attributes/x~0y', value: 1 };
  expect(signalFromJson(json, headers, 'command').adaptable.path).toBe('/attributes/x~0y');
});
