import type { ConnectionClient } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import { LazyClient } from './lazyClient.ts';

const target = { address: 'a', qos: undefined, targetIndex: 0 };
const message = { headers: {} };

/** What a client was asked, in order. */
function recording(asked: string[]): Required<ConnectionClient> {
  const ask = async (what: string): Promise<void> => {
    asked.push(what);
  };
  return {
    open: () => ask('open'),
    publish: async () => ({ status: 204 }),
    publishWith: (_target, _message, ended) => ended({ result: { status: 200 } }),
    resources: () => [{ type: 'target', address: 'a', status: 'open', detail: '' }],
    stopConsuming: () => ask('stopConsuming'),
    close: () => ask('close'),
  };
}

describe('a client that is loaded when it opens', () => {
  test('is the other one from then on', async () => {
    const asked: string[] = [];
    const client = new LazyClient('X', async () => recording(asked));
    await client.open();
    expect(await client.publish(target, message)).toEqual({ status: 204 });
    const ends: unknown[] = [];
    client.publishWith(target, message, (end) => ends.push(end));
    expect(ends).toEqual([{ result: { status: 200 } }]);
    expect(client.resources()).toHaveLength(1);
    await client.stopConsuming();
    await client.close();
    expect(asked).toEqual(['open', 'stopConsuming', 'close']);
  });

  test('has nothing and takes nothing before', async () => {
    const client = new LazyClient('X', async () => recording([]));
    expect(client.resources()).toEqual([]);
    await expect(client.publish(target, message)).rejects.toThrow('X client is not open.');
    const ends: unknown[] = [];
    client.publishWith(target, message, (end) => ends.push(end));
    expect(ends).toEqual([{ error: new Error('X client is not open.') }]);
    await client.stopConsuming();
    await client.close();
  });

  test('is not opened when it was closed while it was loaded', async () => {
    const asked: string[] = [];
    const client = new LazyClient('X', async () => recording(asked));
    const opening = client.open();
    await client.close();
    await expect(opening).rejects.toThrow('X client was closed.');
    expect(asked).toEqual([]);
  });

  test('fails to open for what its making fails for', async () => {
    const client = new LazyClient('X', () => Promise.reject(new Error('no number')));
    await expect(client.open()).rejects.toThrow('no number');
  });
});
