import {
  builtInEngines,
  type ConnectionClient,
  compileConnection,
  defaultPipelineLimits,
  type ExternalMessage,
  type JsonObject,
  type JsonValue,
  PublishError,
  type PublishResult,
  type PublishTarget,
  parseAdaptable,
  parseConnection,
  parseJson,
  type Settlement,
  signalFromAdaptable,
  type TwinService,
} from '@hawser/core';
import { FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { defaultLineConfig } from '../client/config.ts';
import { InProcessTwin } from '../twin/inProcessTwin.ts';
import { SignalRouter } from '../twin/signalRouter.ts';
import { AnswerDesk } from './answerDesk.ts';
import { Line } from './line.ts';
import { Monitor } from './monitor.ts';
import { Outbox } from './outbox.ts';
import { throttleRule } from './throttling.ts';

/** What a target's broker was given. */
interface Published {
  readonly address: string;
  readonly message: ExternalMessage;
  readonly json: JsonObject;
}

interface Harbour {
  readonly clock: VirtualClock;
  readonly twin: TwinService;
  /** A line of a connection that is open; what it publishes is taken by `broker`. */
  open(json: JsonObject, broker?: Broker): Moored;
}

type Broker = (target: PublishTarget, message: ExternalMessage) => Promise<PublishResult>;

interface Moored {
  readonly line: Line;
  readonly monitor: Monitor;
  readonly published: Published[];
  readonly settled: Settlement[];
  send(message: JsonObject, headers?: Readonly<Record<string, string>>): void;
}

const confirming: Broker = async () => ({ status: 200 });
const failing =
  (error: Error): Broker =>
  async () => {
    throw error;
  };

function harbour(twin: TwinService = new SignalRouter(), clock = new VirtualClock()): Harbour {
  const desk = new AnswerDesk(clock);
  const environment = {
    now: () => clock.now(),
    newId: () => 'random-id',
    engines: builtInEngines,
    limits: defaultPipelineLimits,
  };
  return {
    clock,
    twin,
    open(json, broker = confirming) {
      const connection = parseConnection({
        connectionType: 'amqp-091',
        connectionStatus: 'open',
        uri: 'amqp://broker:5672',
        ...json,
      });
      const published: Published[] = [];
      const settled: Settlement[] = [];
      const { settle: mode, maxUnsourced, publishTimeoutMs: timeoutMs, logs: limits } = defaultLineConfig;
      const outbox = new Outbox({ clock, timeoutMs, maxUnsourced, mode });
      outbox.attach({
        publish: (target, message) => {
          published.push({
            address: target.address,
            message,
            json: parseJson(message.text ?? 'null') as JsonObject,
          });
          return broker(target, message);
        },
      } as ConnectionClient);
      const monitor = new Monitor({
        connectionId: connection.id,
        clock,
        limits,
        publishLog: undefined,
        throttleRule: () => throttleRule(1_000),
      });
      monitor.initialise(connection);
      monitor.enableLogs(clock.now() + 3_600_000);
      const line = new Line({
        compiled: compileConnection(connection, environment),
        clientIndex: 0,
        twin,
        desk,
        outbox,
        monitor,
        clock,
        config: defaultLineConfig,
      });
      line.subscribe();
      return {
        line,
        monitor,
        published,
        settled,
        send(message, headers = {}) {
          const origin = { sourceIndex: 0, configuredAddress: 'in', address: 'in' };
          line.receive({ headers, text: JSON.stringify(message) }, origin, (outcome) =>
            settled.push(outcome),
          );
        },
      };
    },
  };
}

/** Entries of a type in the log, without their times. */
const logged = ({ monitor }: Moored, type: string): readonly JsonObject[] =>
  (monitor.logs() as { connectionLogs: readonly JsonObject[] }).connectionLogs
    .filter((entry) => entry['type'] === type)
    .map(({ timestamp, ...entry }) => entry);

const subject = 'test:subject';
const source = (parts: JsonObject = {}): JsonObject => ({
  addresses: ['in'],
  authorizationContext: [subject],
  ...parts,
});
const target = (parts: JsonObject = {}): JsonObject => ({
  address: 'exchange/key',
  topics: ['_/_/things/live/messages'],
  authorizationContext: [subject],
  ...parts,
});
const liveMessage = (headers: JsonObject = {}): JsonObject => ({
  topic: 'ns/t/things/live/messages/ask',
  headers: { 'correlation-id': 'c', ...headers },
  path: '/inbox/messages/ask',
  value: 'x',
});
const asking = (...labels: string[]): JsonObject =>
  liveMessage({ 'response-required': false, 'requested-acks': labels });

describe('a label that a target issues', () => {
  const issuing = target({ issuedAcknowledgementLabel: '{{connection:id}}:done' });

  test.each([
    ['accepts the message when the broker has confirmed', confirming, 'accepted'],
    ['has it redelivered when the publish failed', failing(new PublishError(503, 'down')), 'redeliver'],
    ['rejects it when the broker refused it for good', failing(new PublishError(400, 'no')), 'rejected'],
  ])('%s', async (_what, broker, settlement) => {
    const { open } = harbour();
    open({ id: 'out', targets: [issuing] }, broker);
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    expect(settled).toEqual([]);
    await turns(1);
    expect(settled).toEqual([settlement]);
  });

  test('may be requested by the source instead of the message', async () => {
    const { open } = harbour();
    open({ id: 'out', targets: [issuing] }, failing(new PublishError(503, 'down')));
    const { send, settled } = open({
      id: 'in',
      sources: [source({ acknowledgementRequests: { includes: ['out:done'] } })],
    });
    send(liveMessage({ 'response-required': false }));
    await turns(1);
    expect(settled).toEqual(['redeliver']);
  });

  test('is acknowledged weakly when the target filters the message', () => {
    const { open } = harbour();
    open({
      id: 'out',
      targets: [{ ...issuing, topics: ['_/_/things/live/messages?filter=eq(topic:subject,"other")'] }],
    });
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    expect(settled).toEqual(['accepted']);
  });

  test('that no connection has keeps the message until its timeout, and then it comes again', () => {
    const { open, clock } = harbour();
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(liveMessage({ 'response-required': false, 'requested-acks': ['gone:x1'], timeout: '5s' }));
    clock.advance(4_999);
    expect(settled).toEqual([]);
    clock.advance(1);
    expect(settled).toEqual(['redeliver']);
  });

  test('is still given for what is under way when the connection closes', async () => {
    const { open } = harbour();
    const confirms: (() => void)[] = [];
    const { line } = open(
      { id: 'out', targets: [issuing] },
      () => new Promise((resolve) => confirms.push(() => resolve({ status: 200 }))),
    );
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    line.unsubscribe();
    confirms[0]?.();
    await turns(1);
    expect(settled).toEqual(['accepted']);
  });

  test('live-response is issued for live commands that want an answer alone', async () => {
    const { open } = harbour();
    open({ id: 'out', targets: [target({ issuedAcknowledgementLabel: 'live-response' })] });
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(liveMessage());
    await turns(1);
    expect(settled).toEqual(['accepted']);
  });
});

describe('a label that a source declares', () => {
  const device = {
    id: 'dev',
    targets: [target()],
    sources: [source({ declaredAcks: ['{{connection:id}}:seen'] })],
  };
  const ack = (label: string, status: number): JsonObject => ({
    topic: `ns/t/things/live/acks/${label}`,
    headers: { 'correlation-id': 'c' },
    path: '/',
    status,
  });

  test.each([
    [204, 'accepted'],
    [403, 'rejected'],
    [503, 'redeliver'],
  ])('decides by its status %i: %s', async (status, settlement) => {
    const { open } = harbour();
    const answering = open(device);
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('dev:seen', 'twin-persisted'));
    expect(answering.published[0]?.json['headers']).toMatchObject({ 'requested-acks': ['dev:seen'] });
    expect(settled).toEqual([]);
    answering.send(ack('dev:seen', status));
    expect(answering.settled).toEqual(['accepted']);
    await turns(1);
    expect(settled).toEqual([settlement]);
  });

  test('a label that was not declared is refused, and its message with it', () => {
    const { open } = harbour();
    const answering = open(device);
    answering.send(ack('other:seen', 200));
    expect(answering.settled).toEqual(['rejected']);
  });

  test('the same correlation id twice is told apart, and counted on', () => {
    const { open } = harbour();
    const answering = open(device);
    const { send } = open({ id: 'in', sources: [source()] });
    const ids = () =>
      answering.published.map(({ json }) => (json['headers'] as JsonObject)['correlation-id']);
    send(asking('dev:seen'));
    send(asking('dev:seen'));
    send({ ...asking('dev:seen'), headers: { 'correlation-id': 'c#0', 'requested-acks': ['dev:seen'] } });
    expect(ids()).toEqual(['c', 'c#0', 'c#1']);
  });

  test('labels are unique among connections: the second gives none until the first has gone', async () => {
    const { open, clock } = harbour();
    const claim = (id: string) =>
      open({
        id,
        targets: [target({ issuedAcknowledgementLabel: 'shared:label' })],
      });
    const first = claim('one');
    const second = claim('two');
    const { send, settled } = open({ id: 'in', sources: [source()] });
    first.line.unsubscribe();
    send(liveMessage({ 'response-required': false, 'requested-acks': ['shared:label'], timeout: '1s' }));
    clock.advance(1_000);
    await turns(1);
    expect(settled).toEqual(['redeliver']);
    clock.advance(defaultLineConfig.ackLabelDeclareIntervalMs);
    send(asking('shared:label'));
    await turns(1);
    expect(settled).toEqual(['redeliver', 'accepted']);
    expect(second.published).toHaveLength(2);
  });
});

describe('a live message that wants an answer', () => {
  const replying = source({
    replyTarget: { address: 'exchange/reply', expectedResponseTypes: ['response', 'error'] },
  });
  const device = { id: 'dev', targets: [target()], sources: [source()] };
  const response = (topic: string): JsonObject => ({
    topic,
    headers: { 'correlation-id': 'c' },
    path: '/inbox/messages/ask',
    status: 404,
    value: 'no',
  });

  test('gets it at the reply target, whatever its status, and is accepted', async () => {
    const { open } = harbour();
    const answering = open(device);
    const asker = open({ id: 'in', sources: [replying] });
    asker.send(liveMessage());
    answering.send(response('ns/t/things/live/messages/ask'));
    await turns(1);
    expect(asker.published.map(({ address, json }) => [address, json['status']])).toEqual([
      ['exchange/reply', 404],
    ]);
    expect(asker.settled).toEqual(['accepted']);
  });

  test('an answer that does not fit is passed over, and told when the time is up', async () => {
    const { open, clock } = harbour();
    const answering = open(device);
    const asker = open({ id: 'in', sources: [replying] });
    asker.send(liveMessage({ timeout: '2s' }));
    answering.send(response('ns/other/things/live/messages/ask'));
    expect(asker.settled).toEqual([]);
    clock.advance(2_000);
    await turns(1);
    expect(asker.published[0]?.json['value']).toMatchObject({
      status: 408,
      error: 'command.timeout',
      description:
        'Received no appropriate live response within the specified timeout. An invalid response was received, though: Entity ID of live response <ns:other> differs from entity ID of command <ns:t>.',
    });
    expect(asker.settled).toEqual(['redeliver']);
    expect(logged(asker, 'dropped')).toEqual([
      {
        category: 'response',
        type: 'dropped',
        level: 'failure',
        message: 'Entity ID of live response <ns:other> differs from entity ID of command <ns:t>.',
        correlationId: 'c',
        entityType: 'thing',
        entityId: 'ns:t',
      },
    ]);
  });

  test('an answer that cannot be read is counted at its source and told to who asked', async () => {
    const { open } = harbour();
    const answering = open({
      ...device,
      targets: [target({ topics: ['_/_/things/live/commands'] })],
    });
    const asker = open({ id: 'in', sources: [replying] });
    const live = (parts: JsonObject): JsonObject => ({
      topic: 'ns/t/things/live/commands/retrieve',
      headers: { 'correlation-id': 'c' },
      path: '/',
      ...parts,
    });
    asker.send(live({}));
    answering.send(live({ status: 200 }));
    await turns(1);
    const text = expect.stringMatching(/^Live response is invalid: Failed to get Signal of type </);
    expect(logged(answering, 'dropped')).toEqual([
      {
        category: 'response',
        type: 'dropped',
        level: 'failure',
        message: text,
        correlationId: 'c',
        entityType: 'thing',
        entityId: 'ns:t',
      },
    ]);
    expect(logged(answering, 'mapped').filter(({ category }) => category === 'source')).toEqual([]);
    const { sourceMetrics } = answering.monitor.metrics() as { sourceMetrics: unknown };
    expect(sourceMetrics).toMatchObject({
      addressMetrics: { in: { dropped: { success: { PT24H: 0 }, failure: { PT24H: 1 } } } },
    });
    expect(asker.published[0]?.json['value']).toMatchObject({
      status: 422,
      error: 'protocoladapter:illegal.adaptable',
    });
    expect(answering.settled).toEqual(['accepted']);
  });
});

describe('a command for the twin', () => {
  const modify = (headers: JsonObject = {}): JsonObject => ({
    topic: 'ns/t/things/twin/commands/modify',
    headers: { 'correlation-id': 'c', ...headers },
    path: '/attributes/a',
    value: 1,
  });

  test('for a thing that does not exist is rejected, and the error told', async () => {
    const { open } = harbour();
    const { send, settled, published } = open({
      id: 'in',
      sources: [source({ replyTarget: { address: 'exchange/reply' } })],
    });
    send(modify());
    await turns(1);
    expect(settled).toEqual(['rejected']);
    expect(published[0]?.json).toMatchObject({ topic: 'ns/t/things/twin/errors', status: 404 });
  });

  test('its error ends the waiting for other acknowledgements', async () => {
    const { open } = harbour();
    const { send, settled, published } = open({
      id: 'in',
      sources: [source({ replyTarget: { address: 'exchange/reply' } })],
    });
    send(modify({ 'requested-acks': ['twin-persisted', 'my:own'] }));
    await turns(1);
    expect(settled).toEqual(['rejected']);
    expect(published[0]?.json).toMatchObject({ topic: 'ns/t/things/twin/errors', status: 404 });
  });

  test('that wants an answer in no time is refused', () => {
    const { open } = harbour();
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(modify({ timeout: '0', 'response-required': true }));
    expect(settled).toEqual(['rejected']);
  });
});

describe('enrichment', () => {
  const enriched = target({
    topics: ['_/_/things/live/messages?extraFields=attributes/name&filter=ne(attributes/name,"y")'],
    issuedAcknowledgementLabel: 'out:done',
  });
  class TwinOf extends SignalRouter {
    readonly #thing: JsonObject | Error;

    constructor(thing: JsonObject | Error) {
      super();
      this.#thing = thing;
    }

    override async retrievePartialThing(): Promise<JsonObject> {
      if (this.#thing instanceof Error) throw this.#thing;
      return this.#thing;
    }
  }
  const twinWith = (thing: JsonObject | Error): TwinService => new TwinOf(thing);

  test('puts the fields of the thing into the message', async () => {
    const { open } = harbour(twinWith({ attributes: { name: 'x', other: 1 } }));
    const { published } = open({ id: 'out', targets: [enriched] });
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    await turns(2);
    expect(published[0]?.json['extra']).toEqual({ attributes: { name: 'x' } });
    expect(settled).toEqual(['accepted']);
  });

  test('drops what the filter refuses once the thing is known, and acknowledges weakly', async () => {
    const { open } = harbour(twinWith({ attributes: { name: 'y' } }));
    const { published } = open({ id: 'out', targets: [enriched] });
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    await turns(2);
    expect(published).toEqual([]);
    expect(settled).toEqual(['accepted']);
  });

  test.each([
    ['a thing that nobody has', undefined, 'rejected'],
    ['a failure of the network', new Error('down'), 'redeliver'],
  ])('of %s publishes nothing and says so to who asked', async (_what, failure, settlement) => {
    const { open } = harbour(failure === undefined ? new SignalRouter() : twinWith(failure));
    const { published } = open({ id: 'out', targets: [enriched] });
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    await turns(2);
    expect(published).toEqual([]);
    expect(settled).toEqual([settlement]);
  });
});

test('each target gets what its subjects see of a signal, and only if it asks for that', async () => {
  const twin = new SignalRouter();
  const { open } = harbour(twin);
  const events = (address: string, seer: string, filter = '') =>
    target({ address, authorizationContext: [seer], topics: [`_/_/things/twin/events${filter}`] });
  const { published } = open({
    id: 'out',
    targets: [
      events('all', 'test:all'),
      events('part', 'test:part'),
      events('hidden', 'test:part', '?filter=exists(attributes/secret)'),
      events('nothing', 'test:nobody'),
    ],
  });
  const value = { open: 1, secret: 2 };
  const topic = 'ns/t/things/twin/events/modified';
  const event = signalFromAdaptable(
    parseAdaptable({ topic, headers: {}, path: '/attributes', value, revision: 3 }),
  );
  const cut = { ...event, adaptable: { ...event.adaptable, value: { open: 1 } } };
  twin.route(event, undefined, {
    granted: ['test:all', 'test:part', 'test:nobody'],
    revoked: [],
    view: ([seer]) => ({ 'test:all': event, 'test:part': cut })[seer ?? ''],
  });
  await turns(2);
  expect(published.map(({ address, json }) => [address, json['value']])).toEqual([
    ['all', { open: 1, secret: 2 }],
    ['part', { open: 1 }],
  ]);
});

test('who wants extra fields is told of a deletion too, and what the thing had is not what it has', async () => {
  const clock = new VirtualClock();
  const options = { instance: 'w', authorization: 'static-grant', maxCached: 10 } as const;
  const twin = new InProcessTwin({ store: new FakeStore(), clock, log: new RecordingLog(), ...options });
  const { open } = harbour(twin, clock);
  const wanting = (address: string, filter: string): JsonObject =>
    target({ address, topics: [`_/_/things/twin/events?extraFields=attributes/name${filter}`] });
  const { published } = open({
    id: 'out',
    targets: [wanting('all', ''), wanting('named', '&filter=exists(attributes/name)')],
  });
  const { send } = open({ id: 'in', sources: [source()] });
  for (const action of ['create', 'delete']) {
    const value = action === 'create' ? { value: { attributes: { name: 'x' } } } : {};
    send({ topic: `ns/t/things/twin/commands/${action}`, headers: {}, path: '/', ...value });
    await twin.drained();
    await turns(20);
  }
  expect(published.map(({ address, json }) => [address, json['revision'], json['extra']])).toEqual([
    ['all', 1, { attributes: { name: 'x' } }],
    ['named', 1, { attributes: { name: 'x' } }],
    ['all', 2, {}],
  ]);
});

describe('a query that is answered live if the thing is so', () => {
  const replyTarget = { address: 'reply/to', enabled: true, expectedResponseTypes: ['response', 'error'] };
  const query = (headers: JsonObject): JsonObject => ({
    topic: 'ns/t/things/twin/commands/retrieve',
    headers: { 'correlation-id': 'c', timeout: '5s', ...headers },
    path: '/attributes/a',
  });
  const isFar = { 'live-channel-condition': 'eq(attributes/a,1)' };
  const asTwin = { channel: 'twin', 'live-channel-condition-matched': true };

  async function moored() {
    const clock = new VirtualClock();
    const options = { instance: 'w', authorization: 'static-grant', maxCached: 10 } as const;
    const twin = new InProcessTwin({ store: new FakeStore(), clock, log: new RecordingLog(), ...options });
    const { open, clock: time } = harbour(twin, clock);
    const asker = open({ id: 'asker', sources: [source({ replyTarget })] });
    const device = open({
      id: 'device',
      sources: [source()],
      targets: [target({ topics: ['_/_/things/live/commands'] })],
    });
    const create = { topic: 'ns/t/things/twin/commands/create', headers: {}, path: '/' };
    asker.send({ ...create, value: { attributes: { a: 1 } } });
    await turns(20);
    expect(asker.published.splice(0)).toMatchObject([{ json: { status: 201 } }]);
    const ask = async (headers: JsonObject): Promise<void> => {
      asker.send(query(headers));
      await turns(20);
    };
    return { ...asker, device, time, ask };
  }

  test('goes to the device, whose answer says so', async () => {
    const { ask, device, published, settled } = await moored();
    await ask(isFar);
    const [asked] = device.published;
    expect(asked?.json).toMatchObject({ topic: 'ns/t/things/live/commands/retrieve', path: '/attributes/a' });
    expect(settled).toEqual(['accepted']);
    const { topic, headers, path } = asked?.json ?? {};
    device.send({ topic, headers, path, value: 7, status: 200 } as JsonObject);
    await turns(5);
    expect(published[0]?.json).toMatchObject({
      topic: 'ns/t/things/live/commands/retrieve',
      headers: { 'live-channel-condition-matched': true },
      value: 7,
    });
    expect(settled).toEqual(['accepted', 'accepted']);
  });

  test('is answered by the twin when the thing is not so', async () => {
    const { ask, device, published } = await moored();
    await ask({ 'live-channel-condition': 'eq(attributes/a,2)' });
    expect(device.published).toEqual([]);
    expect(published[0]?.json).toMatchObject({
      topic: 'ns/t/things/twin/commands/retrieve',
      headers: { 'live-channel-condition-matched': false },
      value: 1,
    });
  });

  test.each([
    ['fails', 'fail', { topic: 'ns/t/things/twin/errors', status: 408 }],
    ['is answered by the twin', 'use-twin', { value: 1, status: 200, headers: asTwin }],
  ])('%s when the device is silent and the strategy is %s', async (_what, strategy, expected) => {
    const { ask, time, published } = await moored();
    await ask({ ...isFar, 'live-channel-timeout-strategy': strategy });
    time.advance(4_999);
    expect(published).toEqual([]);
    time.advance(1);
    await turns(5);
    expect(published.map(({ json }) => json)).toMatchObject([expected]);
  });
});

test('a message without the header that enforcement needs is rejected, not accepted', () => {
  const { open } = harbour();
  const { send, settled } = open({
    id: 'in',
    sources: [source({ enforcement: { input: '{{ header:device_id }}', filters: ['{{ thing:id }}'] } })],
  });
  send(liveMessage({ 'response-required': false }));
  send(liveMessage({ 'response-required': false }), { device_id: 'ns:t' });
  expect(settled).toEqual(['rejected', 'accepted']);
});

describe('an answer of the peer', () => {
  const protocol = 'application/vnd.eclipse.ditto+json';
  const answering =
    (status: number, payload: JsonValue, contentType = 'application/json', refusal?: Error): Broker =>
    async () => ({
      status,
      payload,
      headers: { 'content-type': contentType, 'x-peer': 'p' },
      answer: { statusText: `${status} Status`, refusal },
    });
  const issuing = { id: 'out', targets: [target({ issuedAcknowledgementLabel: 'out:done' })] };
  const responding = { id: 'out', targets: [target({ issuedAcknowledgementLabel: 'live-response' })] };
  const replying = { id: 'in', sources: [source({ replyTarget: { address: 'exchange/reply' } })] };
  const question = (headers: JsonObject = {}) =>
    liveMessage({ 'correlation-id': 'c', 'response-required': true, ...headers });

  test.each([
    [200, 'accepted'],
    [302, 'accepted'],
    [400, 'rejected'],
    [404, 'rejected'],
    [408, 'redeliver'],
    [500, 'redeliver'],
    [503, 'redeliver'],
  ])('with status %d settles the message that asked for it: %s', async (status, settlement) => {
    const { open } = harbour();
    open(issuing, answering(status, 'body'));
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    await turns(2);
    expect(settled).toEqual([settlement]);
  });

  test('becomes the acknowledgement with body and headers', async () => {
    const { open, clock } = harbour();
    open(issuing, answering(404, { why: 'gone' }));
    const expectedResponseTypes = ['response', 'error', 'nack'];
    const replyTarget = { address: 'exchange/reply', expectedResponseTypes };
    const { send, published } = open({ id: 'in', sources: [source({ replyTarget })] });
    send(question({ 'requested-acks': ['out:done'], timeout: '1s' }));
    await turns(2);
    clock.advance(1_000);
    await turns(2);
    expect(published[0]?.json).toMatchObject({
      headers: { 'correlation-id': 'c' },
      value: {
        'out:done': {
          status: 404,
          payload: { why: 'gone' },
          headers: { 'content-type': 'application/json', 'x-peer': 'p', 'correlation-id': 'c' },
        },
      },
    });
  });

  test('that says no is a failed publish, and says so in the log', async () => {
    const { open } = harbour();
    const out = open(issuing, answering(404, 'gone', 'text/plain', new PublishError(503, 'Got <404>')));
    const { send } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    await turns(2);
    expect(logged(out, 'published')).toMatchObject([
      { level: 'failure', message: expect.stringContaining('Got <404>') },
    ]);
    expect(logged(out, 'acknowledged')).toMatchObject([
      {
        level: 'failure',
        message: expect.stringContaining(
          'Received negative acknowledgement for label <out:done>. Payload: "gone"',
        ),
      },
    ]);
    expect(logged(out, 'other')).toMatchObject([
      {
        message: expect.stringMatching(
          /^CommandResponse <\{"type":"acknowledgement","label":"out:done","entityId":"ns:t","status":404}> created from HTTP response with Status <404 Status> and body <"gone">\./,
        ),
      },
    ]);
  });

  test('responds to a message with its body', async () => {
    const { open } = harbour();
    open(responding, answering(418, { tea: true }));
    const { send, published, settled } = open(replying);
    send(question());
    await turns(3);
    expect(published[0]?.json).toMatchObject({
      topic: 'ns/t/things/live/messages/ask',
      status: 418,
      value: { tea: true },
      headers: { 'correlation-id': 'c' },
    });
    expect(settled).toEqual(['accepted']);
  });

  test('may be the response itself, also where no target has announced it', async () => {
    const { open } = harbour();
    const headers = { 'correlation-id': 'c', 'content-type': 'text/plain' };
    const body = { ...question(), headers, status: 202, value: 'tea' };
    open({ id: 'out', targets: [target()] }, answering(200, body, protocol));
    const { send, published } = open(replying);
    send(question());
    await turns(3);
    expect(published[0]?.json).toMatchObject({ status: 202, value: 'tea' });
  });

  test('to another message is a failure', async () => {
    const { open } = harbour();
    const body = { ...question(), headers: { 'correlation-id': 'd' }, status: 202 };
    const out = open(responding, answering(200, body, protocol));
    const { send, settled } = open(replying);
    send(question());
    await turns(3);
    expect(logged(out, 'published')).toMatchObject([
      { level: 'failure', message: expect.stringContaining('Correlation ID of live response <d> differs') },
    ]);
    expect(logged(out, 'dropped')).toHaveLength(1);
    expect(settled).toEqual(['rejected']);
  });

  test('that nobody awaits is logged and lost', async () => {
    const { open } = harbour();
    const out = open({ id: 'out', targets: [target()] }, answering(200, 'ok', 'text/plain'));
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(liveMessage({ 'response-required': false }));
    await turns(2);
    expect(settled).toEqual(['accepted']);
    expect(logged(out, 'other')).toMatchObject([
      {
        level: 'success',
        message: expect.stringMatching(
          /^No CommandResponse created from HTTP response with status <200 Status> and body <"ok">\./,
        ),
      },
    ]);
  });

  test('that is rubbish fails the publish alone', async () => {
    const { open } = harbour();
    const out = open(issuing, answering(200, 'ok', 'text/plain'));
    const bad = open({ id: 'bad', targets: [target()] }, answering(200, { topic: 'rubbish' }, protocol));
    const { send, settled } = open({ id: 'in', sources: [source()] });
    send(asking('out:done'));
    await turns(2);
    expect(settled).toEqual(['accepted']);
    expect(logged(bad, 'published')).toMatchObject([{ level: 'failure' }]);
    expect(logged(out, 'published')).toMatchObject([{ level: 'success' }]);
  });

  test('shares what is taken in with the others of its signal', async () => {
    const { open } = harbour();
    const shares: (number | undefined)[] = [];
    const noting: Broker = async ({ answerShares }) => {
      shares.push(answerShares);
      return { status: 200 };
    };
    open({ id: 'one', targets: [target()] }, noting);
    open({ id: 'two', targets: [target(), target({ address: 'exchange/other' })] }, noting);
    const { send } = open({ id: 'in', sources: [source()] });
    send(liveMessage({ 'response-required': false }));
    await turns(1);
    expect(shares).toEqual([undefined, 2, 2]);
  });
});
