import { EventTime } from '@fluent-org/logger';
import { type LogCall, SampledTiming } from '@hawser/actors';
import { parseAdaptable, signalFromAdaptable } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import { decode, ExtensionCodec } from '@msgpack/msgpack';
import { createLogPublisher, type LogPublisherOptions } from './logPublisher.ts';
import { MessagePackWriter } from './messagePack.ts';

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: 0,
  encode: () => null,
  decode: (data) => EventTime.unpack(Buffer.from(data)),
});

const call: LogCall = {
  kind: { category: 'source', type: 'consumed', level: 'success', address: 'a' },
  message: 'Received signal.',
  identity: undefined,
  subject: { headers: { 'correlation-id': 'id' }, text: 'x' },
  atMs: 1_500,
};

interface Published {
  readonly tag: string;
  readonly time: EventTime;
  readonly record: Readonly<Record<string, unknown>>;
}

function published(given: Partial<LogPublisherOptions>, calls: readonly LogCall[]): readonly Published[] {
  const sent: Published[] = [];
  const publisherOf = createLogPublisher({
    forwarder: {
      add: (tag, encode, item) => {
        const writer = new MessagePackWriter();
        encode(writer, item);
        const entry = writer.take();
        const [time, record] = decode(entry, { extensionCodec }) as [EventTime, Record<string, unknown>];
        sent.push({ tag, time, record });
      },
    },
    prepared: new SampledTiming(() => 0),
    tag: '',
    levels: ['success', 'failure'],
    withContext: false,
    instanceId: 'host-1',
    additional: {},
    ...given,
  });
  const loggers = new Map<LogCall['kind'], ReturnType<typeof publisherOf>>();
  for (const each of calls) {
    if (!loggers.has(each.kind)) loggers.set(each.kind, publisherOf('c1', each.kind));
    loggers.get(each.kind)?.(each);
  }
  return sent;
}

const signalOf = (thingId: string, correlationId: string): LogCall['subject'] =>
  signalFromAdaptable(
    parseAdaptable({
      topic: `${thingId.replace(':', '/')}/things/live/messages/s`,
      headers: { 'correlation-id': correlationId },
      path: '/inbox/messages/s',
    }),
  );

describe('entries for Fluentd', () => {
  test('that follow one another have each its own time, ids and text, whatever the last one was like', () => {
    const subjects: LogCall['subject'][] = [
      { headers: { 'correlation-id': 'ab' } },
      { headers: { 'correlation-id': 'cd' } },
      { headers: { 'correlation-id': 'é€' } },
      { headers: { 'correlation-id': 'ef' } },
      { headers: { 'correlation-id': 'x'.repeat(200) } },
      { headers: { 'correlation-id': 'y'.repeat(200) } },
      { headers: {} },
      { headers: { 'correlation-id': '<not-provided>' } },
      signalOf('a:b', 'gh'),
      signalOf('c:d', 'ij'),
      signalOf('c:€', 'kl'),
      signalOf('e:f', 'mn'),
    ];
    // the same text for one subject after the other, two of them at the same time, and then each with texts of its own
    const repeated = subjects.map((subject, n) => ({ ...call, subject, atMs: 1_000 * (n >> 1) }));
    const various = subjects.flatMap((subject, n) =>
      ['Received signal.', 'Received signal.', `No. ${n}`].map((message, i) => ({
        ...call,
        subject,
        message,
        atMs: n * 1_000 + i,
      })),
    );
    const calls = [...repeated, ...various];
    // one by one each is the first of its logger
    const alone = calls.map((each) => published({}, [{ ...each, kind: { ...each.kind } }])[0]);
    expect(published({}, calls)).toEqual(alone);
  });

  test('have all keys in order, the generic text, and the tag of their connection', () => {
    const [entry] = published({}, [call]);
    expect(entry?.tag).toBe('connection:c1');
    expect(JSON.stringify(entry?.record)).toBe(
      '{"connectionId":"c1","level":"success","category":"source","type":"consumed","correlationId":"id","address":"a","message":"Message was consumed","instanceId":"host-1"}',
    );
    expect(entry?.time).toEqual(new EventTime(1, 500_000_000));
  });

  test('show headers and payload when that is on, and what is configured over their own keys', () => {
    const additional = { level: 'mine', extra: { n: 1 } };
    const [entry] = published({ withContext: true, tag: 'hawser', additional }, [
      { ...call, kind: { ...call.kind, type: 'dropped' } },
    ]);
    expect(entry?.tag).toBe('hawser');
    expect(entry?.record).toMatchObject({
      level: 'mine',
      extra: { n: 1 },
      message: 'Received signal. - Message headers: [correlation-id=id] - Message payload: x',
    });
  });

  test('of other levels stay away, and an added entry keeps its text', () => {
    const identity = { correlationId: '<not-provided>', entityType: 'thing', entityId: 'a:b' };
    const failure: LogCall = {
      ...call,
      kind: { ...call.kind, level: 'failure' },
      subject: undefined,
      identity,
    };
    const sent = published({ levels: ['failure', 'unknown'] }, [call, failure]);
    expect(sent.map(({ record }) => record)).toEqual([
      {
        connectionId: 'c1',
        level: 'failure',
        category: 'source',
        type: 'consumed',
        address: 'a',
        entityType: 'thing',
        entityId: 'a:b',
        message: 'Received signal.',
        instanceId: 'host-1',
      },
    ]);
  });

  test.each(['', 'ü', '€'.repeat(20), 'x'.repeat(31), 'é'.repeat(300), '😀'.repeat(40_000)])(
    'a text of any length arrives as it is (%#)',
    (message) => {
      const [entry] = published({}, [{ ...call, message }]);
      expect(entry?.record['message']).toBe(message);
    },
  );

  test('additional values are of any type', () => {
    const additional = {
      n: 1,
      f: 1.5,
      big: 2 ** 40,
      t: true,
      no: false,
      nothing: null,
      list: ['a', { b: -1 }],
    };
    expect(published({ additional }, [call])[0]?.record).toMatchObject(additional);
  });
});
