import {
  type ConnectionClient,
  type ExternalMessage,
  type PublishEnd,
  PublishError,
  type PublishResult,
  type PublishTarget,
} from '@hawser/core';
import { turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { Outbox, type OutboxOptions } from './outbox.ts';

const target: PublishTarget = { address: 'a', qos: 1, targetIndex: 0 };
const text = (n: number): ExternalMessage => ({ headers: {}, text: String(n) });

interface Sent {
  readonly text: string;
  readonly confirm: () => void;
  readonly fail: (error: Error) => void;
}

/** A client whose publishes the test ends by hand. */
function fakeClient(): { readonly client: ConnectionClient; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const client = {
    publish: (_target: PublishTarget, message: ExternalMessage) =>
      new Promise<PublishResult>((resolve, reject) => {
        sent.push({ text: message.text ?? '', confirm: () => resolve({ status: 200 }), fail: reject });
      }),
  } as unknown as ConnectionClient;
  return { client, sent };
}

function start(options: Partial<OutboxOptions> = {}) {
  const clock = new VirtualClock();
  const outbox = new Outbox({ clock, timeoutMs: 60_000, maxUnsourced: 2, mode: 'finished', ...options });
  const ends: string[] = [];
  const publish = (n: number, isSourced = true): void =>
    outbox.publish(target, text(n), isSourced, ({ error }) => ends.push(`${n} ${error?.message ?? 'ok'}`));
  return { clock, outbox, ends, publish };
}

const texts = (sent: readonly Sent[]): string[] => sent.map((each) => each.text);

describe('outbox', () => {
  test('a confirmed publish has finished', async () => {
    const { outbox, ends, publish } = start();
    const { client, sent } = fakeClient();
    outbox.attach(client);
    publish(1);
    expect(ends).toEqual([]);
    sent[0]?.confirm();
    await turns();
    expect(ends).toEqual(['1 ok']);
  });

  test('a client may tell the end of a publish without a promise, also at once', () => {
    const { outbox, ends, publish } = start();
    const refused = new PublishError(503, 'no');
    const waiting: ((end: PublishEnd) => void)[] = [];
    const client = {
      publishWith: (_target: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void) => {
        if (message.text === '1') ended({ error: refused });
        else waiting.push(ended);
      },
    } as unknown as ConnectionClient;
    outbox.attach(client);
    for (const n of [1, 2]) publish(n);
    expect(ends).toEqual(['1 no']);
    waiting[0]?.({ result: { status: 200 } });
    expect(ends).toEqual(['1 no', '2 ok']);
    expect(outbox.size).toBe(0);
  });

  test('a publish that the broker refused has finished and is not sent again', async () => {
    const { clock, outbox, ends, publish } = start();
    const { client, sent } = fakeClient();
    outbox.attach(client);
    publish(1);
    sent[0]?.fail(new PublishError(503, 'nacked'));
    await turns();
    clock.advance(10_000);
    expect(ends).toEqual(['1 nacked']);
    expect(sent).toHaveLength(1);
  });

  test('what was unconfirmed when the session ended goes to the next one, in order', async () => {
    const { outbox, ends, publish } = start();
    const first = fakeClient();
    outbox.attach(first.client);
    for (const n of [1, 2, 3]) publish(n);
    first.sent[1]?.confirm();
    await turns();
    outbox.detach();
    for (const each of first.sent) each.fail(new Error('connection closed'));
    publish(4);
    await turns();
    const second = fakeClient();
    outbox.attach(second.client);
    expect(texts(second.sent)).toEqual(['1', '3', '4']);
    for (const each of second.sent) each.confirm();
    await turns();
    expect(ends).toEqual(['2 ok', '1 ok', '3 ok', '4 ok']);
  });

  test('an unknown outcome of a client that stays is tried again after a pause', async () => {
    const { clock, outbox, ends, publish } = start();
    const { client, sent } = fakeClient();
    outbox.attach(client);
    publish(1);
    sent[0]?.fail(new Error('channel closed'));
    await turns();
    expect(sent).toHaveLength(1);
    clock.advance(1_000);
    expect(sent).toHaveLength(2);
    sent[1]?.confirm();
    await turns();
    expect(ends).toEqual(['1 ok']);
  });

  test('a publish that is not confirmed in time has failed, and further ones fail at once until the target opens again', async () => {
    const { clock, outbox, ends, publish } = start();
    publish(1);
    clock.advance(59_999);
    expect(ends).toEqual([]);
    clock.advance(1);
    expect(ends).toEqual(['1 No publisher confirm arrived.']);
    publish(2);
    expect(ends).toHaveLength(2);
    const { client, sent } = fakeClient();
    outbox.attach(client);
    publish(3);
    expect(texts(sent)).toEqual(['3']);
  });

  test('each publish has its own time', () => {
    const { clock, ends, publish } = start();
    publish(1);
    clock.advance(30_000);
    publish(2);
    clock.advance(30_000);
    expect(ends).toHaveLength(1);
    clock.advance(30_000);
    expect(ends).toHaveLength(2);
  });

  test('a late confirmation shows that the target lives', async () => {
    const { clock, outbox, ends, publish } = start();
    const { client, sent } = fakeClient();
    outbox.attach(client);
    publish(1);
    clock.advance(60_000);
    sent[0]?.confirm();
    await turns();
    publish(2);
    expect(texts(sent)).toEqual(['1', '2']);
    expect(ends).toEqual(['1 No publisher confirm arrived.']);
  });

  test('publishes that no source message waits for are bounded, the others are not', () => {
    const { outbox, ends, publish } = start();
    for (const n of [1, 2, 3]) publish(n, false);
    expect(ends).toEqual(['3 Outgoing message dropped because there are too many in-flight requests.']);
    for (const n of [4, 5, 6]) publish(n);
    expect(ends).toHaveLength(1);
    expect(outbox.size).toBe(5);
  });

  test("with Ditto's moment a target that is not connected takes nothing, and loses what it had", async () => {
    const { outbox, ends, publish } = start({ mode: 'ditto' });
    publish(1);
    const { client } = fakeClient();
    outbox.attach(client);
    publish(2);
    outbox.detach();
    expect(ends).toEqual(['1 The target is not connected.', '2 The target is not connected.']);
  });
});
