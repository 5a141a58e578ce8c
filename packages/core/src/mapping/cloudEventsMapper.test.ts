import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { type Adaptable, parseAdaptable } from '../protocol/adaptable.ts';
import { cloudEventsEngine } from './cloudEventsMapper.ts';

const mapper = cloudEventsEngine.create({}, { now: () => Date.UTC(2024, 0, 1), newId: () => 'new-id' });
const DATA = { topic: 'a/b/things/twin/commands/delete', headers: { 'correlation-id': 'c' }, path: '/' };
const EVENT = { specversion: '1.0', id: 'i', source: 's', type: 't' };

function inbound(contentType: string, payload: JsonObject, headers: Readonly<Record<string, string>> = {}) {
  const message = { headers: { 'content-type': contentType, ...headers }, text: JSON.stringify(payload) };
  return (mapper.mapInbound(message, {}) as readonly Adaptable[])[0];
}

const structured = (event: JsonObject) => inbound('application/cloudevents+json', event);
const base64 = (data: unknown): string => Buffer.from(JSON.stringify(data)).toString('base64');

describe('the CloudEvents mapper', () => {
  const attributes = { 'ce-id': 'i', 'ce-source': 's', 'ce-type': 't', 'ce-specversion': '1.0' };

  test('reads events whose attributes are headers', () => {
    expect(inbound('application/vnd.eclipse.ditto+json', DATA, attributes)?.headers).toEqual({
      'correlation-id': 'i',
    });
    expect(() => inbound('application/vnd.eclipse.ditto+json', DATA)).toThrow('could not be mapped');
  });

  test('reads events that are all JSON, their data in base64 or not', () => {
    expect(structured({ ...EVENT, data: DATA })).toEqual(structured({ ...EVENT, data_base64: base64(DATA) }));
  });

  test.each([
    ['without data', EVENT, 'could not be mapped'],
    [
      'without type',
      { ...EVENT, type: undefined, data: DATA } as unknown as JsonObject,
      'could not be mapped',
    ],
    ['with data that is no message', { ...EVENT, data: 'x' }, '<"x"> is not a valid JSON object!'],
    ['with data that is no base64', { ...EVENT, data_base64: '%' }, 'Illegal base64'],
    ['with an id that is no text', { ...EVENT, id: 1, data: DATA }, 'The id is not a string.'],
  ])('refuses events %s', (_what, event, message) => {
    expect(() => structured(event)).toThrow(message);
  });

  test('drops messages of other content types', () => {
    expect(inbound('text/plain', DATA)).toBeUndefined();
  });

  test('writes events, with a new id and the present time where the message has none', () => {
    const write = (json: JsonObject) => {
      const [message] = mapper.mapOutbound(parseAdaptable(json)) as readonly ExternalMessage[];
      return JSON.parse(message?.text ?? '') as JsonObject;
    };
    expect(write({ topic: 'a/b/things/twin/events/deleted', path: '/' })).toMatchObject({
      id: 'new-id',
      type: 'org.eclipse.ditto.outbound:things/twin/events/deleted',
      time: '2024-01-01T00:00:00Z',
      subject: 'a:b',
    });
    expect(write({ ...DATA, timestamp: '2023-02-03T04:05:06Z' })).toMatchObject({
      id: 'c',
      time: '2023-02-03T04:05:06Z',
    });
  });
});
