import { describe, expect, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import type { PublishResult } from '../ports/protocolAdapter.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalOfAnswer } from './peerAnswers.ts';
import { signalFromAdaptable } from './signalFromAdaptable.ts';

const signal = (json: JsonObject): Signal =>
  signalFromAdaptable(parseAdaptable({ headers: { 'correlation-id': 'c' }, ...json }));

const message = signal({ topic: 'ns/t/things/live/messages/ask', path: '/inbox/messages/ask' });
const command = signal({ topic: 'ns/t/things/live/commands/modify', path: '/attributes/a', value: 1 });
const event = signal({
  topic: 'ns/t/things/twin/events/modified',
  path: '/attributes/a',
  value: 1,
  revision: 3,
});

const protocol = 'application/vnd.eclipse.ditto+json';
const answer = (payload: JsonValue, contentType = protocol, headers = {}, status = 200): PublishResult => ({
  status,
  payload,
  headers: { 'content-type': contentType, ...headers },
  answer: { statusText: `${status}`, refusal: undefined },
});

const messageAnswer: JsonObject = {
  topic: 'ns/t/things/live/messages/ask',
  headers: { 'correlation-id': 'c' },
  path: '/inbox/messages/ask',
  status: 201,
  value: 'yes',
};
const commandAnswer: JsonObject = {
  topic: 'ns/t/things/live/commands/modify',
  headers: { 'correlation-id': 'c' },
  path: '/attributes/a',
  status: 204,
};
const ack: JsonObject = {
  topic: 'ns/t/things/twin/acks/other:label',
  headers: { 'correlation-id': 'c' },
  path: '/',
  status: 202,
};

describe('an answer at a target that acknowledges', () => {
  test('is the acknowledgement, with the headers of signal and answer', () => {
    const given = { 'x-peer': 'p', 'ditto-origin': 'forged', 'correlation-id': 'forged' };
    const { signal: made } = signalOfAnswer(
      event,
      'out:done',
      answer({ a: 1 }, 'application/json', given, 404),
    );
    expect(made).toMatchObject({ kind: 'acknowledgement', status: 404, entityId: 'ns:t' });
    expect(made?.adaptable).toMatchObject({ value: { a: 1 }, topic: { subject: 'out:done' } });
    expect(made?.headers).toMatchObject({
      'correlation-id': 'c',
      'content-type': 'application/json',
      'x-peer': 'p',
    });
    expect(made?.headers['ditto-origin']).toBeUndefined();
  });

  test('with a header that is none of Ditto is refused', () => {
    const result = answer('', 'text/plain', { timeout: 'never' });
    expect(() => signalOfAnswer(event, 'out:done', result)).toThrow(/never/);
  });
});

describe('an answer at a target that responds', () => {
  const read = (sent: Signal, ...parts: Parameters<typeof answer>) =>
    signalOfAnswer(sent, 'live-response', answer(...parts));

  test.each([
    ['application/json', { a: 1 }, { a: 1 }],
    ['text/plain', 'yes', 'yes'],
    ['application/octet-stream', 'YWI=', 'YWI='],
    ['none/none', '', ''],
    [protocol, 'no object', 'no object'],
  ])('is the payload of the response to a message: %s', (contentType, payload, value) => {
    const { signal: made } = read(message, payload, contentType, {}, 404);
    expect(made).toMatchObject({
      kind: 'response',
      type: 'messages.responses:thingResponseMessage',
      entityId: 'ns:t',
      status: 404,
    });
    expect(made?.adaptable.value).toEqual(value);
    expect(made?.headers['correlation-id']).toBe('c');
  });

  test('may be a response itself', () => {
    expect(read(message, messageAnswer).signal).toMatchObject({ status: 201 });
    expect(read(command, commandAnswer).signal).toMatchObject({ type: 'things.responses:modifyAttribute' });
  });

  test('that is no Protocol message answers no command', () => {
    expect(read(command, { a: 1 }, 'application/json')).toEqual({ signal: undefined });
  });

  test.each([
    [message, commandAnswer, /^Expected <things.* to be of type <MessageCommandResponse>/],
    [command, messageAnswer, /^Expected <messages.* to be of type <ThingCommandResponse>/],
    [
      command,
      { ...commandAnswer, topic: 'ns/t/things/twin/commands/modify' },
      /of type <ThingCommandResponse>/,
    ],
    [message, { ...messageAnswer, status: undefined }, /of type <CommandResponse> but was of type <command>/],
  ])('of another kind is passed over: %#', (sent, body, text) => {
    const { signal: made, dropped } = read(sent, JSON.parse(JSON.stringify(body)));
    expect(made).toBeUndefined();
    expect(dropped).toMatch(text);
  });

  test.each([
    [{ ...messageAnswer, topic: 'ns/u/things/live/messages/ask' }, /^Entity ID of live response <ns:u>/],
    [{ ...messageAnswer, headers: { 'correlation-id': 'd' } }, /^Correlation ID of live response <d>/],
  ])('to something else says why: %#', (body, text) => {
    const { signal: made, mismatch } = read(message, body);
    expect(made).toBeUndefined();
    expect(mismatch).toMatch(text);
  });

  test.each([
    [{}],
    [{ topic: 'rubbish' }],
    [{ topic: 'ns/t/things/twin/acks/live-response', path: '/', status: 200 }],
  ])('that claims to be a Protocol message and is none is refused: %j', (body) => {
    expect(() => read(message, body)).toThrow();
  });
});

describe('an answer that nobody has declared', () => {
  test('is passed on when it is an acknowledgement or a live response', () => {
    expect(signalOfAnswer(event, undefined, answer(ack)).signal).toMatchObject({ kind: 'acknowledgement' });
    expect(signalOfAnswer(message, undefined, answer(messageAnswer)).signal).toMatchObject({ status: 201 });
  });

  test.each([
    ['text', 'text/plain', 'ok'],
    ['JSON', 'application/json', ack],
    ['a response of the twin', protocol, { ...commandAnswer, topic: 'ns/t/things/twin/commands/modify' }],
  ])('is nothing when it is %s', (_what, contentType, body) => {
    expect(signalOfAnswer(event, undefined, answer(body, contentType))).toEqual({ signal: undefined });
  });

  test('is logged when it is a signal that is no answer', () => {
    const { signal: made, dropped } = signalOfAnswer(
      event,
      undefined,
      answer({ ...messageAnswer, status: null }),
    );
    expect(made).toBeUndefined();
    expect(dropped).toMatch(/CommandResponse/);
  });
});
