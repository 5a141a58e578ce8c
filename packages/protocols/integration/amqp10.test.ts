import { type Connection, MisconfiguredError, PublishError } from '@hawser/core';
import { describeWithServers } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failureOf, harness, publish, until } from './amqp10Harness.ts';
import { type AddressForm, type Amqp10Peer, startAmqp10Peer } from './amqp10Peer.ts';
import { describeClient } from './describeAmqp10.ts';
import { uniqueName } from './inbox.ts';

describeWithServers('AMQP 1.0 on RabbitMQ', ['rabbitmq'], ({ rabbitmq: url }) => {
  describeClient(url, {
    form: { queue: (name) => `/queue/${name}` },
    missing: '/amq/queue/missing',
    refused: '/nowhere/x',
    redelivers: 'released',
  });

  test('a wrong password is the fault of the configuration', async () => {
    const peer = await startAmqp10Peer(url, { queue: (name) => `/queue/${name}` });
    const { connection } = await peer.connection();
    const { clientFor } = harness();
    const wrong = { ...connection, uri: connection.uri.replace('guest:guest', 'guest:wr%C3%B6ng') };
    const failure = await failureOf(clientFor(wrong).open());
    expect(failure).toBeInstanceOf(MisconfiguredError);
    expect(failure.cause).toMatchObject({ status: 401, code: 'connectivity:connection.unauthorized' });
    expect(JSON.stringify(failure.cause)).not.toMatch(/wr/);
    await peer.close();
  });
});

describeWithServers('AMQP 1.0 on Qpid Proton', ['proton'], ({ proton: url }) => {
  const form: AddressForm = { queue: (name) => name };
  describeClient(url, {
    form,
    missing: 'refused',
    refused: 'refused-target',
    redelivers: 'modified[delivery-failed]',
  });

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

    test.each([
      ['reject', 'Failed to send message: Delivery failed: rejected by remote'],
      ['release', 'Failed to send message: Delivery failed: released by receiver'],
      ['modify', 'Failed to send message: Delivery failed: failure at remote'],
    ])('a publish that the peer settles with %s has failed', async (address, text) => {
      const client = subject.clientFor(connection);
      await client.open();
      const failure = await failureOf(publish(client, address));
      expect(failure).toBeInstanceOf(PublishError);
      expect(failure).toMatchObject({ status: 503, message: text });
    });

    test('what gets no credit waits, is bounded, and ends by time', async () => {
      const specificConfig = { 'jms.sendTimeout': '300' };
      const client = subject.clientFor({ ...connection, specificConfig });
      await client.open();
      const address = `stuck-${uniqueName()}`;
      const failures = await Promise.all(
        Array.from({ length: 25 }, () => failureOf(publish(client, address))),
      );
      const texts = failures.map(({ message }) => message);
      expect(
        texts.filter((text) => /too many unsettled messages or too few credits/.test(text)),
      ).toHaveLength(5);
      expect(texts.filter((text) => /Timed out waiting for disposition/.test(text))).toHaveLength(20);
      // and keeps nobody from his own
      expect((await publish(client, connection.targets[0]?.address ?? '')).status).toBe(200);
    });

    test('a consumer that the peer closes comes back by itself', async () => {
      const source = connection.sources[0]?.addresses[0] ?? '';
      const client = subject.clientFor(connection);
      await client.open();
      await peer.send('control', { body: source });
      await until(() => client.resources()[0]?.status === 'misconfigured');
      expect(client.resources()[0]?.detail).toBe(
        `Consumer closed. Cause: [InvalidDestinationException] The queue ${source} is gone. [condition = amqp:resource-deleted]`,
      );
      await until(() => client.resources()[0]?.status === 'open');
      await peer.send(source, { body: 'again' });
      await until(() => subject.received.length === 1);
      expect(subject.notes).toContain(
        `failure: Consumer ${source}-0 was closed: The queue ${source} is gone. [condition = amqp:resource-deleted]`,
      );
    });
  });
});
