import { expect, test } from '@jest/globals';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { retrieveThingsResponse } from './retrieveThingsResponse.ts';
import type { ThingState } from './thingState.ts';

const state = (thingId: string): ThingState => ({
  lifecycle: 'active',
  thing: { thingId, policyId: 'a:p', attributes: { secret: 1 } },
  revision: 3,
  created: undefined,
  modified: undefined,
});

const things = new Map(
  ['a:1', 'a:2'].map((id) => [id, { state: state(id), thing: { thingId: id, policyId: 'a:p' } }]),
);

function asked(thingIds: readonly string[], fields?: string) {
  const topic = '_/_/things/twin/commands/retrieve';
  const message = { topic, path: '/', value: { thingIds }, ...(fields === undefined ? {} : { fields }) };
  return signalFromAdaptable(parseAdaptable(message));
}

test('things come in the order in which they were asked for, each once; what is missing is not told', () => {
  const response = retrieveThingsResponse(asked(['a:2', 'a:none', 'a:1', 'a:2']), things);
  expect(response.adaptable.value).toEqual([
    { thingId: 'a:2', policyId: 'a:p' },
    { thingId: 'a:1', policyId: 'a:p' },
  ]);
  const read = signalFromAdaptable({ ...response.adaptable, headers: {} });
  expect({ ...response, adaptable: { ...response.adaptable, headers: {} } }).toEqual(read);
});

test('fields are selected of what may be read alone', () => {
  const response = retrieveThingsResponse(asked(['a:1'], '_revision,thingId,attributes'), things);
  expect(response.adaptable.value).toEqual([{ _revision: 3, thingId: 'a:1' }]);
});
