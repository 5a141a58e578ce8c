import { type Connection, MisconfiguredError, PublishError } from '@hawser/core';
import { describeAdapter, sampleSource, sampleTarget } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import rhea, { type Container } from 'rhea';
import { amqp10Adapter } from '../src/amqp10/adapter.ts';
import { context, failureOf, harness, publish, sleep, until } from './amqp10Harness.ts';
import { type AddressForm, type Amqp10Peer, startAmqp10Peer } from './amqp10Peer.ts';
import { uniqueName } from './inbox.ts';

const { message: amqp } = rhea as unknown as Container;

export interface PeerTraits {
  readonly form: AddressForm;
  /** A source address that the peer refuses. */
  readonly missing: string;
  /** A target address that the peer refuses. */
  readonly refused: string;
  /** The outcome of messages that are to come again, as it is logged. */
  readonly redelivers: string;
}

/** What must hold at every peer. */
export function describeClient(url: string, { form, missing, refused, redelivers }: PeerTraits): void {
  describeAdapter('amqp-10', amqp10Adapter, { redelivers: true }, () => startAmqp10Peer(url, form));

  describe('a client', () => {
    let peer: Amqp10Peer;
    let connection: Connection;
    let subject: ReturnType<typeof harness>;

    beforeEach(async () => {
      peer = await startAmqp10Peer(url, form);
      ({ connection } = await peer.connection());
      subject = harness();
    });
    afterEach(async () => {
      await subject.close();
      await peer.close();
    });

    const source = (): string => connection.sources[0]?.addresses[0] ?? '';
    const target = (): string => connection.targets[0]?.address ?? '';

    test('sees the properties, application properties and annotations of a message', async () => {
      await subject.clientFor(connection).open();
      await peer.send(source(), {
        message_id: 'm-1',
        correlation_id: 'c-1',
        reply_to: 'back',
        subject: 'hello',
        content_type: 'text/plain',
        group_sequence: 3,
        application_properties: { device: 'd-1', subject: 'mine', on: true },
        message_annotations: { 'x-opt-mark': 'm' },
        body: amqp.data_section(Buffer.from('bytes')),
      });
      await until(() => subject.received.length === 1);
      const [first] = subject.received;
      expect(first?.message.headers).toMatchObject({
        'message-id': 'm-1',
        'correlation-id': 'c-1',
        'reply-to': 'back',
        'content-type': 'text/plain',
        device: 'd-1',
        on: 'true',
        'amqp.application.property:subject': 'mine',
        'amqp.message.annotation:x-opt-mark': 'm',
      });
      expect(Buffer.from(first?.message.bytes ?? []).toString()).toBe('bytes');
      expect(first?.origin).toEqual({ sourceIndex: 0, configuredAddress: source(), address: source() });
      first?.settle('accepted');
      expect(subject.acknowledged).toEqual(['true: Sending success acknowledgement: <accepted>']);
    });

    test('publishes headers as properties, application properties and annotations', async () => {
      const queue = form.queue(uniqueName());
      const arrived = await peer.collect(queue);
      const client = subject.clientFor(connection);
      await client.open();
      const headers = {
        'correlation-id': 'c-1',
        'content-type': 'application/json',
        subject: 'hello',
        device: 'd-1',
        'amqp.application.property:to': 'mine',
        'amqp.message.annotation:x-opt-mark': 'm',
      };
      await publish(client, queue, '{"a":"ü"}', headers);
      await until(() => arrived.length > 0);
      expect(arrived[0]).toMatchObject({
        durable: true,
        correlation_id: 'c-1',
        content_type: 'application/json',
        subject: 'hello',
        body: '{"a":"ü"}',
        application_properties: { device: 'd-1', to: 'mine' },
        message_annotations: { 'x-opt-mark': 'm' },
      });
    });

    test('says how it settled', async () => {
      await subject.clientFor(connection).open();
      for (let n = 0; n < 2; n++) await peer.send(source(), { body: String(n) });
      await until(() => subject.received.length === 2);
      subject.received[0]?.settle('rejected');
      subject.received[1]?.settle('redeliver');
      // in one turn: neither gets the outcome of the other
      await until(() => subject.received.length === 3);
      expect(subject.received[2]?.message.text).toBe('1');
      // the session lives on
      expect(subject.notes).toEqual([`success: Subscriptions [${source()}-0] initialized successfully`]);
      expect(subject.acknowledged).toEqual([
        'false: Sending negative acknowledgement: <rejected>',
        `false: Sending negative acknowledgement: <${redelivers}>`,
      ]);
    });

    test('never has more under way than it may, whatever the number of its consumers', async () => {
      const [first] = connection.sources;
      if (first === undefined) throw new Error('no source');
      const client = subject.clientFor(
        { ...connection, sources: [{ ...first, consumerCount: 4 }] },
        { maxInFlight: 7 },
      );
      await client.open();
      expect(client.resources().map(({ status }) => status)).toEqual([
        'open',
        'open',
        'open',
        'open',
        'open',
      ]);
      for (let n = 0; n < 30; n++) await peer.send(source(), { body: String(n) });
      await sleep(100);
      // RabbitMQ may send one or two more than it has credit for
      expect(subject.received.length).toBeGreaterThanOrEqual(7);
      expect(subject.received.length).toBeLessThan(10);
      for (let n = 0; n < 30; n++) {
        await until(() => subject.received.length > n);
        subject.received[n]?.settle('accepted');
      }
      expect(new Set(subject.received.map(({ message }) => message.text)).size).toBe(30);
    });

    test('one message that stays open holds no others up', async () => {
      const count = 4_000;
      await subject.clientFor(connection, { maxInFlight: 10 }).open();
      subject.onMessage = ({ settle }) => {
        if (subject.received.length > 1) settle('accepted');
      };
      for (let n = 0; n < count; n += 500) {
        await Promise.all(Array.from({ length: 500 }, () => peer.send(source(), { body: 'x' })));
      }
      await until(() => subject.received.length === count);
      subject.received[0]?.settle('accepted');
    });

    test('refuses a message over the limit by itself, in however many frames it comes', async () => {
      await subject.clientFor(connection).open();
      await peer.send(source(), { body: 'x'.repeat(70_000) });
      await peer.send(source(), { body: 'x'.repeat(3_000_000) });
      await peer.send(source(), { body: 'small' });
      await until(() => subject.received.length === 1);
      expect(subject.received[0]?.message.text).toBe('small');
      expect(subject.refused).toEqual(Array(2).fill('AMQP message of more than 65536 bytes refused'));
    });

    test('takes and gives messages that need several frames', async () => {
      const client = subject.clientFor(
        { ...connection, specificConfig: { 'amqp.maxFrameSize': '4096' } },
        { maxInboundBytes: 2_000_000 },
      );
      await client.open();
      const text = 'é'.repeat(500_000);
      await publish(client, source(), text);
      await until(() => subject.received.length === 1);
      expect(subject.received[0]?.message.text).toBe(text);
      subject.received[0]?.settle('accepted');
    });

    test('takes nothing more after stopConsuming, and settles what it has', async () => {
      const client = subject.clientFor(connection);
      await client.open();
      await peer.send(source(), { body: 'first' });
      await until(() => subject.received.length === 1);
      await client.stopConsuming();
      for (let n = 0; n < 20; n++) await peer.send(source(), { body: String(n) });
      subject.received[0]?.settle('accepted');
      expect((await publish(client, target())).status).toBe(200);
      await client.close();
      expect(subject.received).toHaveLength(1);
      const second = harness();
      await second.clientFor(connection).open();
      await until(() => second.received.length === 20);
      expect(second.received.map(({ message }) => message.text)).not.toContain('first');
      await second.close();
    });

    test('missing sources fail the opening, all of them by name', async () => {
      const addresses = [source(), `${missing}-1`, `${missing}-2`];
      const client = subject.clientFor({ ...connection, sources: [sampleSource({ addresses })] });
      const failure = await failureOf(client.open());
      expect(failure).toBeInstanceOf(MisconfiguredError);
      expect(failure.cause).toMatchObject({
        status: 504,
        code: 'connectivity:connection.failed',
        message: `Failed to consume sources: [${missing}-1-0, ${missing}-2-0]`,
        description: expect.stringMatching(
          new RegExp(`^${missing}-1-0: .*amqp:not-found.*, ${missing}-2-0: `),
        ),
      });
    });

    test('a test connection proves the sources', async () => {
      const broken = { ...connection, sources: [sampleSource({ addresses: [missing] })] };
      await expect(amqp10Adapter.test(broken, context('test'))).rejects.toMatchObject({
        status: 504,
        message: `Failed to consume sources: [${missing}-0]`,
      });
    });

    test('a refused target rests, and spoils neither sources nor other targets', async () => {
      const targets = [sampleTarget({ address: refused }), ...connection.targets];
      const client = subject.clientFor({ ...connection, targets });
      await client.open();
      expect(client.resources().map(({ status }) => status)).toEqual(['open', 'misconfigured', 'open']);
      expect(subject.notes[0]).toMatch(
        `failure: Failed to create producer for destination <${refused}>: [amqp:`,
      );
      const failure = await failureOf(publish(client, refused));
      expect(failure).toBeInstanceOf(PublishError);
      expect(failure).toMatchObject({
        status: 503,
        message: `Producer for target address '${refused}' is in back off mode, as the target configuration seems to contain errors. The message will be dropped.`,
        description: 'Check if the target or the reply-to configuration is correct.',
      });
      // through several attempts to get it back
      await sleep(700);
      expect((await publish(client, target())).status).toBe(200);
      await peer.send(source(), { body: 'still there' });
      await until(() => subject.received.length === 1);
    });

    test('an address that is refused has no producer, then rests; nobody else is disturbed', async () => {
      const client = subject.clientFor(connection);
      await client.open();
      expect(await failureOf(publish(client, refused))).toMatchObject({
        status: 503,
        message: `No producer available for target address '${refused}'`,
        description: 'Is the target or reply-to address correct?',
      });
      expect((await failureOf(publish(client, refused))).message).toMatch(/is in back off mode/);
      await peer.send(source(), { body: 'still there' });
      await until(() => subject.received.length === 1);
      expect(client.resources().map(({ status }) => status)).toEqual(['open', 'open']);
    });

    test('more dynamic addresses than the cache holds are all published to', async () => {
      const client = subject.clientFor(connection);
      await client.open();
      const addresses = Array.from({ length: 7 }, () => form.queue(uniqueName()));
      const results = await Promise.all(addresses.map((address) => publish(client, address)));
      expect(results.map(({ status }) => status)).toEqual(Array(7).fill(200));
    });

    test('many publishes at once arrive, each once', async () => {
      const queue = form.queue(uniqueName());
      const arrived = await peer.collect(queue);
      const client = subject.clientFor(connection, { config: { maxQueueSize: 10_000 } });
      await client.open();
      const results = await Promise.all(
        Array.from({ length: 5_000 }, (_, n) => publish(client, queue, String(n))),
      );
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200]));
      await until(() => arrived.length >= 5_000);
      expect(new Set(arrived.map(({ body }) => body)).size).toBe(5_000);
    });

    test('takes no more than it is allowed in an interval', async () => {
      const config = { throttlingEnabled: true, throttlingLimit: 5, throttlingIntervalMs: 300 };
      await subject.clientFor(connection, { config: { ...config, prefetch: 2 } }).open();
      subject.onMessage = ({ settle }) => settle('accepted');
      for (let n = 0; n < 20; n++) await peer.send(source(), { body: String(n) });
      const [stopped, lifted] = [
        `Source <${source()}> is rate-limited due to excessive messaging`,
        `success: Rate limit on source <${source()}> is lifted`,
      ];
      await until(() => subject.refused.includes(stopped));
      expect(subject.received.length).toBeLessThan(10);
      await until(() => subject.received.length === 20);
      expect(subject.notes).toContain(lifted);
    });

    test('a broker that is away is told with failover as interrupted, then as restored', async () => {
      const carry = new Map<string, unknown>();
      await subject.clientFor(connection, { carry }).open();
      peer.proxy.reset();
      await subject.lost.take();
      await subject.clientFor(connection, { carry }).open();
      expect(subject.notes.filter((note) => /Connection/.test(note))).toEqual([
        'failure: Connection was interrupted',
        'success: Connection was restored',
      ]);
    });

    test('a peer that is not heard any more is lost', async () => {
      await subject.clientFor({ ...connection, specificConfig: { 'amqp.idleTimeout': '400' } }).open();
      await sleep(900);
      peer.proxy.freeze();
      expect(await subject.lost.take()).not.toBe('');
      peer.proxy.thaw();
    });
  });
}
