import { describe, expect, test } from '@jest/globals';
import { connectionNotAccessible } from '../errors/connectivityErrors.ts';
import { isDittoError } from '../errors/dittoError.ts';
import {
  isAggregated,
  isGroupTopic,
  parsePiggybackRequest,
  piggybackCommandToJson,
} from './piggybackCommand.ts';
import { collectorTimeoutMs, readPiggybackedCommand, targetTimeoutMs } from './piggybackedCommand.ts';
import { devOpsErrorResponse, piggybackAnswer, piggybackResponse } from './piggybackResponse.ts';

const body = (members: object) =>
  JSON.stringify({ targetActorSelection: '/x', headers: {}, piggybackCommand: {}, ...members });

const parse = (text: string, query: Record<string, string> = {}) =>
  parsePiggybackRequest({ body: text, query, correlationId: 'cid' });

function refusal(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
  return 'accepted';
}

describe('headers of a piggyback request', () => {
  test('come from the body, over those of the query', () => {
    const query = { timeout: '7', 'response-required': 'false', foo: 'ignored', 'ditto-sudo': 'true' };
    expect(parse(body({ headers: { Timeout: '5s' } }), query).headers).toEqual({
      'correlation-id': 'cid',
      'response-required': 'false',
      timeout: '5s',
    });
  });

  test('keep a correlation id that was given', () => {
    expect(parse(body({ headers: { 'correlation-id': 'mine' } })).headers['correlation-id']).toBe('mine');
    expect(parse(body({}), { 'correlation-id': 'mine' }).headers['correlation-id']).toBe('mine');
  });

  test('have a bound for the timeout of the query, none for that of the body', () => {
    expect(refusal(() => parse(body({}), { timeout: '61s' }))).toMatchObject({
      error: 'gateway:timeout.invalid',
      message: 'The timeout <61,000ms> is not inside its allowed bounds <0ms - 60,000ms>',
    });
    expect(parse(body({ headers: { timeout: '61s' } })).headers['timeout']).toBe('61s');
    expect(refusal(() => parse(body({}), { timeout: 'x' }))).toMatchObject({ error: 'timeout.invalid' });
  });

  test('written as numbers keep their text', () => {
    const text =
      '{"targetActorSelection":"/x","headers":{"a":1234567890123456789,"b":1.5},"piggybackCommand":{}}';
    expect(parse(text).headers).toMatchObject({ a: '1234567890123456789', b: '1.5' });
  });

  test('with the name __proto__ are headers like any other', () => {
    const text = '{"targetActorSelection":"/x","headers":{"__proto__":"y"},"piggybackCommand":{}}';
    expect(Object.keys(parse(text).headers)).toContain('__proto__');
  });

  test.each([
    [undefined, true],
    ['TRUE', true],
    ['false', false],
    ['x', false],
  ])('aggregate %s: %s', (aggregate, expected) => {
    expect(isAggregated(aggregate === undefined ? {} : { aggregate })).toBe(expected);
  });

  test.each([
    [undefined, false],
    ['FALSE', false],
    ['x', true],
  ])('is-group-topic %s: %s', (value, expected) => {
    expect(isGroupTopic(value === undefined ? {} : { 'is-group-topic': value })).toBe(expected);
  });

  test('bound the answer of the target', () => {
    expect([targetTimeoutMs({}), targetTimeoutMs({ timeout: '500ms' })]).toEqual([10_000, 500]);
    expect([collectorTimeoutMs({ timeout: '500ms' }), collectorTimeoutMs({ timeout: '1m' })]).toEqual([
      10_000, 60_000,
    ]);
  });
});

describe('the body of a piggyback request', () => {
  test('names service and instance, and the path wins', () => {
    const text = body({ serviceName: 'things', instance: '2' });
    expect(parse(text)).toMatchObject({ serviceName: 'things', instance: '2' });
    expect(
      parsePiggybackRequest({ body: text, correlationId: 'cid', serviceName: 'connectivity' }),
    ).toMatchObject({ serviceName: 'connectivity', instance: '2' });
  });

  test.each([
    ['', 'The JSON string to read from must not be empty!'],
    ['null', 'JSON did not include required </type> field!'],
    ['"x"', 'This JSON value is not an object: "x"'],
    [body({ headers: [] }), 'Value <[]> for </headers> is not of type <JsonObject>!'],
    [body({ serviceName: 1 }), 'Value <1> for </serviceName> is not of type <String>!'],
    [body({ targetActorSelection: null }), 'JSON did not include required </targetActorSelection> field!'],
    ['{"a":9223372036854775808}', 'Failed to parse JSON string \'{"a":9223372036854775808}\'!'],
    ['{"a":[-9223372036854775809]}', 'Failed to parse JSON string \'{"a":[-9223372036854775809]}\'!'],
  ])('%s is refused', (text, message) => {
    expect(refusal(() => parse(text))).toMatchObject({ status: 400, message });
  });

  test.each([
    '{"a":9223372036854775807}',
    '{"a":"99999999999999999999"}',
    '{"a":1e30}',
    '{"a":12345678901234567890.5}',
  ])('%s is fine as far as its numbers go', (text) => {
    expect(refusal(() => parse(text))).toMatchObject({ error: 'json.field.missing' });
  });

  test('nested without end is no JSON', () => {
    expect(refusal(() => parse(`{"a":${'['.repeat(100_000)}`))).toMatchObject({ error: 'json.invalid' });
  });

  test('becomes the internal command', () => {
    expect(piggybackCommandToJson(parse(body({ headers: { 'ditto-sudo': true } })))).toEqual({
      type: 'devops.commands:executePiggybackCommand',
      serviceName: null,
      instance: null,
      targetActorSelection: '/x',
      headers: { 'correlation-id': 'cid', 'ditto-sudo': true },
      piggybackCommand: {},
    });
  });
});

describe('the command inside', () => {
  test('is a command of this service', () => {
    const json = { type: 'connectivity.commands:openConnection', connectionId: 'c1' };
    expect(readPiggybackedCommand(json)).toEqual({ kind: 'command', command: json });
  });

  test('may end its target', () => {
    expect(readPiggybackedCommand({ type: 'poison-pill' })).toEqual({ kind: 'poisonPill' });
  });

  test.each([
    'things.commands:retrieveThing',
    'connectivity.events:connectionOpened',
    'messages.commands:thingMessage',
    'namespaces.commands:blockNamespace',
    'common.commands:purgeEntities',
    'devops.commands:retrieveStatistics',
  ])('of type %s is known, but nobody answers it', (type) => {
    expect(readPiggybackedCommand({ type })).toEqual({ kind: 'unanswered', type });
  });

  test.each([
    [null, 'null'],
    [{}, 'null'],
    [{ type: 'bogus' }, 'bogus'],
    [{ type: 'constructor' }, 'constructor'],
  ])('%j is unknown', (json, name) => {
    expect(refusal(() => readPiggybackedCommand(json))).toMatchObject({
      status: 400,
      error: 'json.type.notparsable',
      message: `ExecutePiggybackCommand with PiggybackCommand <${name}> cannot be executed by this service as there is no mapping strategy for it!`,
    });
  });

  test('with a type that is no string is invalid', () => {
    expect(refusal(() => readPiggybackedCommand({ type: 1 }))).toMatchObject({ error: 'json.invalid' });
  });
});

describe('the answer', () => {
  const here = { serviceName: 'connectivity', instance: '1' };
  const opened = { type: 'connectivity.responses:openConnection', status: 200, connectionId: 'c1' };
  const failed = devOpsErrorResponse(here, connectionNotAccessible('c1'));

  test('is 408 when nobody answers', () => {
    expect(piggybackAnswer([], true)).toEqual({ httpStatus: 408, body: null });
    expect(piggybackAnswer([], false)).toEqual({ httpStatus: 408, body: null });
  });

  test('is the first response when nothing is aggregated', () => {
    const responses = [piggybackResponse(here, 200, opened), failed];
    expect(piggybackAnswer(responses, false)).toEqual({ httpStatus: 200, body: opened });
    expect(piggybackAnswer([failed], false)).toEqual({ httpStatus: 200, body: failed });
  });

  test('numbers unknown places by their position', () => {
    const nobody = devOpsErrorResponse({ serviceName: null, instance: null }, connectionNotAccessible('c1'));
    expect(piggybackAnswer([piggybackResponse(here, 200, opened), failed, nobody], true).body).toEqual({
      connectivity: { 1: failed },
      '?': { '?2': nobody },
    });
  });
});
