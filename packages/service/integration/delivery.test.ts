import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { bridgeSource, bridgeTarget, liveMessage, withScripts } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';
import { rabbit } from './rabbit.ts';
import { Tally } from './tally.ts';

const MESSAGES = 3000;
const BYTES = 8000;

/** What a run did and what became of it. */
interface Outcome {
  readonly lost: readonly number[];
  readonly duplicates: number;
}

/**
 * Numbered QoS 1 messages through the line while the service is killed with the target broker frozen: what the service
 * has read and the broker has not confirmed is in its memory alone. The kernel would still deliver what was written to a
 * socket before SIGKILL, so without the frozen broker an early PUBACK would go unseen.
 */
async function deliver(
  urls: Readonly<Record<'mosquitto' | 'rabbitmq', string>>,
  env: Readonly<Record<string, string>>,
  options: {
    readonly kills: number;
    readonly restart: boolean;
    readonly messages: number;
    readonly patienceMs: number;
    /** Both connections map with scripts. */
    readonly scripted?: boolean;
  },
): Promise<Outcome> {
  const run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const data = mkdtempSync(join(tmpdir(), 'hawser-delivery-'));
  const tally = new Tally(urls.rabbitmq, `delivery-${run}`);
  await tally.open();
  const device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
  const start = () => HawserProcess.start({ env: { HAWSER_DATA: data, ...env } });
  let hawser = await start();
  try {
    for (const connection of [
      bridgeTarget(urls.rabbitmq, `delivery-${run}`, `out-${run}`),
      bridgeSource(urls.mosquitto, `delivery/${run}`, `in-${run}`),
    ]) {
      await hawser.piggyback({
        type: 'connectivity.commands:createConnection',
        connection: options.scripted === true ? withScripts(connection) : connection,
      });
      await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: connection.id });
    }

    let published = 0;
    const publish = async (count: number, pauseMs: number): Promise<void> => {
      for (let i = 0; i < count && published < options.messages; i++) {
        await device.publishAsync(`delivery/${run}`, liveMessage(published++, BYTES), { qos: 1 });
        if (pauseMs > 0 && i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };

    for (let kill = 0; kill < options.kills; kill++) {
      await publish(Math.floor(options.messages / 8), 5);
      rabbit.freeze();
      await publish(400, 0);
      // the service has read them and waits for confirms that cannot come
      await new Promise((resolve) => setTimeout(resolve, 500));
      await hawser.kill();
      rabbit.thaw();
      hawser = await start();
    }
    if (options.restart) {
      const load = publish(options.messages, 10);
      await rabbit.stop();
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await rabbit.start();
      await load;
    }
    await publish(options.messages, 1);
    await until('all arrive', () => tally.unique === options.messages, options.patienceMs).catch(() => {});
    return { lost: tally.lostOf(options.messages), duplicates: tally.duplicates };
  } finally {
    await hawser.stop();
    await device.endAsync(true);
    await tally.close();
    rmSync(data, { recursive: true, force: true });
  }
}

describeWithServers('delivery through crashes', ['mosquitto', 'rabbitmq'], (urls) => {
  test('nothing is lost when the service is killed three times and the target broker stops for 5 s', async () => {
    const { lost, duplicates } = await deliver(
      urls,
      {},
      { kills: 3, restart: true, messages: MESSAGES, patienceMs: 90_000 },
    );
    process.stderr.write(
      `delivery: ${MESSAGES} messages of ${BYTES} B, ${lost.length} lost, ${duplicates} duplicates\n`,
    );
    expect(lost).toEqual([]);
  }, 240_000);

  test('nothing is lost when the service is killed with scripts on both sides', async () => {
    const options = { kills: 2, restart: false, messages: 2000, patienceMs: 60_000, scripted: true };
    const { lost, duplicates } = await deliver(urls, {}, options);
    process.stderr.write(
      `delivery with scripts: 2000 messages, ${lost.length} lost, ${duplicates} duplicates\n`,
    );
    expect(lost).toEqual([]);
  }, 180_000);

  test("a service that acknowledges at Ditto's moment loses messages in the same test", async () => {
    const options = { kills: 1, restart: false, messages: 1000, patienceMs: 8000 };
    const { lost } = await deliver(urls, { HAWSER_SETTLE: 'ditto' }, options);
    process.stderr.write(`delivery with HAWSER_SETTLE=ditto: ${lost.length} of 1000 lost\n`);
    expect(lost.length).toBeGreaterThan(0);
  }, 120_000);
});
