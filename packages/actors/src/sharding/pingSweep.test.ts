import type { NewestEntry } from '@hawser/core';
import { FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { defaultActorsConfig } from '../config.ts';
import { PingSweep } from './pingSweep.ts';

const entryOf = (connectionId: string): NewestEntry => ({
  pid: `connection:${connectionId}`,
  sn: 1,
  type: 'connectivity.events:connectionOpened',
  tags: ['always-alive'],
});

/** A sweep over a store in which one connection is open. */
function sweeping(config = defaultActorsConfig.ping) {
  const walked = { times: 0 };
  const store = new FakeStore();
  store.journal.newest = async function* () {
    walked.times++;
    yield entryOf('stored');
  };
  const clock = new VirtualClock();
  const pinged: string[] = [];
  const ping = ({ connectionId }: { readonly connectionId: string }) => pinged.push(connectionId);
  const sweep = new PingSweep({ store, clock, log: new RecordingLog(), config, ping });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await turns();
  };
  sweep.start();
  return { sweep, walked, pinged, pass };
}
const listed = [{ connectionId: 'listed', priority: 0, isTagged: true }];
const { initialDelayMs, intervalMs } = defaultActorsConfig.ping;

describe('the sweep', () => {
  test('goes over what reopening has just listed, then over what the store holds', async () => {
    const { sweep, walked, pinged, pass } = sweeping();
    sweep.listed(listed);
    await pass(initialDelayMs);
    expect(pinged).toEqual(['listed']);
    expect(walked.times).toBe(0);
    await pass(intervalMs);
    expect(pinged).toEqual(['listed', 'stored']);
  });

  test('looks for itself when the list is old', async () => {
    const initialDelay = 60_000;
    const { sweep, pinged, pass } = sweeping({ ...defaultActorsConfig.ping, initialDelayMs: initialDelay });
    sweep.listed(listed);
    await pass(initialDelay);
    expect(pinged).toEqual(['stored']);
  });

  test('looks for itself when it is for some connections only', async () => {
    const { sweep, pinged, pass } = sweeping({ ...defaultActorsConfig.ping, journalTag: 'always-alive' });
    sweep.listed(listed);
    await pass(initialDelayMs);
    expect(pinged).toEqual(['stored']);
  });
});
