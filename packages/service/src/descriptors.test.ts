import type { ClientContext, ClientEvents, ConnectionClient, ProtocolAdapter } from '@hawser/core';
import { sampleConnection, VirtualClock } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { DescriptorReserve, processDescriptors } from './descriptors.ts';

const events: ClientEvents = { message: () => {}, lost: () => {} };

function adapterCounting(opening?: Promise<void>): { readonly adapter: ProtocolAdapter; opened(): number } {
  let opened = 0;
  const createClient = (): ConnectionClient => ({
    open: async () => {
      opened++;
      await opening;
    },
    publish: async () => ({ status: 200 }),
    resources: () => [],
    stopConsuming: async () => {},
    close: async () => {},
  });
  const adapter = { connectionTypes: ['mqtt'] as const, createClient, test: async () => {} };
  return { adapter, opened: () => opened };
}

test('clients are opened until few descriptors are left, then fail with EMFILE, and again once there are more', async () => {
  const clock = new VirtualClock();
  let free = 66;
  const { adapter, opened } = adapterCounting();
  const guarded = new DescriptorReserve({ free: () => free }, clock).guard(adapter);
  const context = {} as ClientContext;
  const open = () => guarded.createClient(sampleConnection(), events, context).open();
  await open();
  await open();
  await expect(open()).rejects.toMatchObject({ code: 'EMFILE' });
  await expect(guarded.test(sampleConnection(), context)).rejects.toMatchObject({ code: 'EMFILE' });
  free = 100;
  clock.advance(100);
  await open();
  expect(opened()).toBe(3);
});

test('clients whose sockets a count cannot show yet are taken off it', async () => {
  const clock = new VirtualClock();
  let lookedUp: () => void = () => {};
  const { adapter, opened } = adapterCounting(
    new Promise((resolve) => {
      lookedUp = resolve;
    }),
  );
  const guarded = new DescriptorReserve({ free: () => 66 }, clock).guard(adapter);
  const open = () => guarded.createClient(sampleConnection(), events, {} as ClientContext).open();
  const first = [open(), open()];
  clock.advance(100);
  await expect(open()).rejects.toMatchObject({ code: 'EMFILE' });
  lookedUp();
  await Promise.all(first);
  clock.advance(100);
  await open();
  expect(opened()).toBe(3);
});

test('the process itself has descriptors left', () => {
  expect(processDescriptors().free()).toBeGreaterThan(0);
});
