import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import mqtt from 'mqtt';
import { bridgeSource, bridgeTarget, liveMessage } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';
import { rabbit } from './rabbit.ts';
import { Tally } from './tally.ts';

const MESSAGES = 2000;
/** How long RabbitMQ is away; longer than the publish timeout of 5 s. 90 for the whole test. */
const OUTAGE_SECONDS = Number(process.env['HAWSER_TEST_OUTAGE_SECONDS'] ?? 15);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const uniqueName = (): string => `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;

const redelivering = { cleanSession: 'false', reconnectForRedelivery: 'true' };

/** A source whose messages request what the target of `targetId` issues. */
const askingSource = (mqttUrl: string, topic: string, id: string, targetId: string, specificConfig: object) =>
  bridgeSource(mqttUrl, topic, id, {
    sources: [
      {
        addresses: [topic],
        qos: 1,
        authorizationContext: ['integration:bridge'],
        headerMapping: {},
        acknowledgementRequests: { includes: [`${targetId}:stored`] },
      },
    ],
    specificConfig,
  });

/** A target that acknowledges what its broker has confirmed. */
function issuingTarget(amqpUrl: string, address: string, id: string) {
  const connection = bridgeTarget(amqpUrl, address, id);
  return {
    ...connection,
    targets: connection.targets.map((target) => ({
      ...target,
      address,
      issuedAcknowledgementLabel: '{{connection:id}}:stored',
    })),
  };
}

async function create(hawser: HawserProcess, connection: { readonly id: string }): Promise<void> {
  const answer = await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
  expect(answer).toMatchObject({ status: 201 });
  await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: connection.id });
}

describeWithServers('acknowledgements end to end', ['mosquitto', 'rabbitmq'], (urls) => {
  test(
    `nothing is lost while the target broker is away for ${OUTAGE_SECONDS} s and the service is killed twice`,
    async () => {
      const run = uniqueName();
      const data = mkdtempSync(join(tmpdir(), 'hawser-acks-'));
      const tally = new Tally(urls.rabbitmq, `acks-${run}`);
      await tally.open();
      const device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
      const start = () => HawserProcess.start({ env: { HAWSER_DATA: data, HAWSER_PUBLISH_TIMEOUT: '5s' } });
      let hawser = await start();
      try {
        const [out, into] = [`out-${run}`, `in-${run}`];
        await create(hawser, issuingTarget(urls.rabbitmq, `/acks-${run}`, out));
        await create(hawser, askingSource(urls.mosquitto, `acks/${run}`, into, out, redelivering));
        let published = 0;
        const publish = async (count: number, everyMs: number): Promise<void> => {
          for (let i = 0; i < count; i++) {
            await device.publishAsync(`acks/${run}`, liveMessage(published++, 1000), { qos: 1 });
            if (everyMs > 0) await pause(everyMs);
          }
        };
        await publish(MESSAGES / 4, 0);
        await rabbit.stop();
        const load = publish(MESSAGES / 2, (OUTAGE_SECONDS * 1000) / MESSAGES);
        for (const _kill of [1, 2]) {
          await pause((OUTAGE_SECONDS * 1000) / 3);
          await hawser.kill();
          hawser = await start();
        }
        await pause((OUTAGE_SECONDS * 1000) / 3);
        await load;
        await rabbit.start();
        await publish(MESSAGES / 4, 0);
        await until('all arrive', () => tally.unique === MESSAGES, 150_000).catch(() => {});
        const lost = tally.lostOf(MESSAGES);
        process.stderr.write(
          `acknowledgements: RabbitMQ away for ${OUTAGE_SECONDS} s: ${lost.length} of ${MESSAGES} lost, ${tally.duplicates} duplicates\n`,
        );
        expect(lost).toEqual([]);
      } finally {
        await hawser.stop();
        await device.endAsync(true);
        await tally.close();
        rmSync(data, { recursive: true, force: true });
      }
    },
    240_000 + OUTAGE_SECONDS * 1_000,
  );

  test('what is refused for good comes again at a bounded pace, and nothing else stalls', async () => {
    const run = uniqueName();
    const data = mkdtempSync(join(tmpdir(), 'hawser-acks-'));
    const tally = new Tally(urls.rabbitmq, `acks-${run}`);
    await tally.open();
    const broker = await connect(urls.rabbitmq);
    const channel = await broker.createChannel();
    await channel.assertQueue(`acks-in-${run}`, { durable: false, expires: 60_000 });
    const device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
    const hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
    const consumed = async (connectionId: string): Promise<number> => {
      const type = 'connectivity.commands:retrieveConnectionMetrics';
      const { sourceMetrics } = await hawser.piggyback({ type, connectionId });
      const [address] = Object.values((sourceMetrics as { addressMetrics: object }).addressMetrics);
      return (address as { consumed: { success: { PT1H: number } } }).consumed.success.PT1H;
    };
    try {
      const hurried = { ...redelivering, reconnectForRedeliveryDelay: '1s' };
      const [no, viaMqtt, viaAmqp] = [`no-${run}`, `mqtt-${run}`, `amqp-${run}`];
      await create(hawser, issuingTarget(urls.rabbitmq, `missing-${run}/key`, no));
      await create(hawser, askingSource(urls.mosquitto, `refused/${run}`, viaMqtt, no, hurried));
      const fromQueue = bridgeTarget(urls.rabbitmq, '', viaAmqp);
      await create(hawser, {
        ...fromQueue,
        targets: [],
        sources: [
          {
            addresses: [`acks-in-${run}`],
            authorizationContext: ['integration:bridge'],
            acknowledgementRequests: { includes: [`${no}:stored`] },
          },
        ],
      } as typeof fromQueue);
      await create(hawser, bridgeTarget(urls.rabbitmq, `acks-${run}`, `good-out-${run}`));
      await create(hawser, bridgeSource(urls.mosquitto, `good/${run}`, `good-in-${run}`));
      await device.publishAsync(`refused/${run}`, liveMessage(-1), { qos: 1 });
      channel.sendToQueue(`acks-in-${run}`, Buffer.from(liveMessage(-2)));
      const started = Date.now();
      let worstMs = 0;
      for (let n = 0; n < 40; n++) {
        const sent = Date.now();
        await device.publishAsync(`good/${run}`, liveMessage(n), { qos: 1 });
        await until(`message ${n}`, () => tally.unique > n, 5_000);
        worstMs = Math.max(worstMs, Date.now() - sent);
        await pause(150);
      }
      const seconds = (Date.now() - started) / 1000;
      const [byMqtt, byAmqp] = [await consumed(viaMqtt), await consumed(viaAmqp)];
      process.stderr.write(
        `refused for good: in ${seconds.toFixed(1)} s the message came ${byMqtt} times by MQTT and ${byAmqp} times by AMQP; others took at most ${worstMs} ms\n`,
      );
      for (const times of [byMqtt, byAmqp]) {
        expect(times).toBeGreaterThan(2);
        expect(times).toBeLessThan(seconds + 3);
      }
      expect(tally.lostOf(40)).toEqual([]);
    } finally {
      await hawser.stop();
      await device.endAsync(true);
      await channel.deleteQueue(`acks-in-${run}`);
      await broker.close();
      await tally.close();
      rmSync(data, { recursive: true, force: true });
    }
  }, 120_000);
});
