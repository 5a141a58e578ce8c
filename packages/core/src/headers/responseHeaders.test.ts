import { expect, test } from '@jest/globals';
import { responseHeaders } from './responseHeaders.ts';

test('shows the predefined headers that are meant for the outside, and no others', () => {
  const shown = {
    'correlation-id': 'x',
    'response-required': 'false',
    timeout: '5',
    'reply-to': 'r',
    channel: 'twin',
    'dry-run': 'true',
    'entity-revision': '3',
    etag: '"rev:3"',
    'ditto-connection-id': 'c',
    'ditto-originator': 'o',
    location: 'l',
  };
  const hidden = {
    'content-type': 'application/json',
    'ditto-sudo': 'true',
    'ditto-auth-context': '{}',
    accept: '*/*',
    'if-match': '*',
    'if-none-match': '*',
    condition: 'eq(a,1)',
    aggregate: 'false',
    'is-group-topic': 'true',
    topic: 't',
    foo: 'bar',
  };
  expect(responseHeaders({ ...hidden, ...shown })).toEqual(shown);
});

test('names come out in lower case', () => {
  expect(responseHeaders({ 'Correlation-Id': 'x' })).toEqual({ 'correlation-id': 'x' });
});

test('acknowledgements of Ditto itself are not told', () => {
  expect(responseHeaders({ 'requested-acks': '["twin-persisted","c1:mine"]' })).toEqual({
    'requested-acks': '["c1:mine"]',
  });
  expect(responseHeaders({ 'requested-acks': '["twin-persisted"]' })).toEqual({});
  expect(responseHeaders({ 'requested-acks': '[]' })).toEqual({ 'requested-acks': '[]' });
});
