import { describe, expect, test } from '@jest/globals';
import type { AcknowledgementRequests } from '../model/connection.ts';
import type { Signal } from '../protocol/signal.ts';
import { parseTopicPath } from '../protocol/topicPath.ts';
import { canRequestAcks, compileAckRequests } from './ackRequests.ts';

function command(headers: Record<string, string>, changes: Partial<Signal> = {}): Signal {
  const topic = parseTopicPath('org.acme/pump/things/twin/commands/modify');
  return {
    kind: 'command',
    type: 'things.commands:modifyAttribute',
    adaptable: { topic, headers, path: '/attributes/a', value: 1 },
    headers,
    entityId: 'org.acme:pump',
    entityType: 'thing',
    resourcePath: '/attributes/a',
    status: undefined,
    category: 'MODIFY',
    ...changes,
  };
}

const requested = (
  configured: Partial<AcknowledgementRequests>,
  given: string | undefined,
  headers: Record<string, string> = {},
) =>
  compileAckRequests({ includes: [], filter: undefined, ...configured })(
    command(given === undefined ? {} : { 'requested-acks': given }),
    { headers },
  )['requested-acks'];

describe('the acknowledgement requests of a source', () => {
  test.each([
    [undefined, '["x-ack"]'],
    ['["my-ack","x-ack"]', '["my-ack","x-ack"]'],
    ['[]', '[]'],
  ])('are added to %s', (given, expected) => {
    expect(requested({ includes: ['x-ack'] }, given)).toBe(expected);
  });

  test.each([
    ['1', '["my-ack"]', '["my-ack"]'],
    ['0', '["my-ack"]', '[]'],
    ['1', undefined, undefined],
    ['0', undefined, '[]'],
  ])('are filtered by the message (qos %s, %s)', (qos, given, expected) => {
    expect(requested({ filter: "fn:filter(header:qos,'eq','1')" }, given, { qos })).toBe(expected);
  });

  test('may be set by the filter when there are none', () => {
    expect(requested({ filter: `fn:default('["twin-persisted"]')` }, undefined)).toBe('["twin-persisted"]');
    expect(() => requested({ filter: "fn:default('[1]')" }, undefined)).toThrow();
  });

  test('cannot break out of the filter', () => {
    const filter = "fn:filter('a','eq','b')";
    expect(requested({ filter }, `x')|fn:default('y`)).toBe('[]');
    expect(requested({ filter: "fn:filter('a','eq','a')" }, '["my-ack"]')).toBe('["my-ack"]');
  });

  test('are no concern of signals that cannot wait', () => {
    const request = compileAckRequests({ includes: ['x-ack'], filter: undefined });
    const query = command({}, { type: 'things.commands:retrieveThing', category: 'QUERY' });
    expect(request(query, {})).toBe(query.headers);
    expect(canRequestAcks({ ...query, headers: { 'live-channel-condition': 'true' } })).toBe(true);
    expect(canRequestAcks(command({}, { kind: 'event' }))).toBe(false);
    expect(canRequestAcks(command({}, { type: 'policies.commands:deletePolicy' }))).toBe(false);
  });

  test('whose filter is no pipeline are an error that names it', () => {
    expect(() => requested({ filter: "fn:filter('a" }, undefined)).toThrow(
      "The placeholder 'fn:default('[]')|fn:filter('a' could not be resolved.",
    );
    expect(() => requested({ filter: 'header:x' }, undefined)).toThrow(
      'The function <header:x> is not known.',
    );
  });
});
