import type { JsonObject, Reply } from '@hawser/core';
import { FakeSessions, FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ActorSystem, startActorSystem } from './actorSystem.ts';
import type { SingleHandler } from './singles/single.ts';

const REGION = '/system/sharding/connection';
const MEDIATOR = '/system/distributedPubSubMediator';
const CLEANUP = '/user/connectivityRoot/persistenceCleanup';
const DEVOPS = '/user/devOpsCommandsActor';

const systems: ActorSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.stop();
});

/** Answers a health query at once, a configuration query never, and refuses to change it. */
const cleanup: SingleHandler = (command, headers) => {
  if (command.type === 'status.commands:retrieveHealth')
    return { json: { type: 'status.responses:retrieveHealth', status: 200 }, headers };
  if (command.type === 'common.commands:retrieveConfig') return new Promise(() => undefined);
  if (command.type === 'common.commands:modifyConfig') return Promise.reject(new Error('no'));
  return undefined;
};

const devOps: SingleHandler = (command, headers) =>
  command.type === 'common.commands:retrieveConfig'
    ? { json: { type: 'common.responses:retrieveConfig', status: 200, config: {} }, headers }
    : undefined;

function start() {
  const system = startActorSystem({
    store: new FakeStore(),
    sessions: new FakeSessions(),
    clock: new VirtualClock(),
    log: new RecordingLog(),
    instance: '1',
    singles: { [CLEANUP]: cleanup, [DEVOPS]: devOps },
  });
  systems.push(system);
  const at = (selection: string, command: JsonObject, headers: Record<string, string> = {}): Promise<Reply> =>
    system.commands.ask(selection, command, headers, 10_000);
  return { system, at };
}
const health = { type: 'status.commands:retrieveHealth' };
const shutdown = (reason: JsonObject) => ({ type: 'common.commands:shutdown', reason });
const refusal = (asked: Promise<Reply>) =>
  asked.then(
    () => 'an answer',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('a selection', () => {
  test('of an actor beside the connections answers what that actor understands', async () => {
    const { at } = start();
    expect((await at(CLEANUP, health)).json).toEqual({
      type: 'status.responses:retrieveHealth',
      status: 200,
    });
    expect((await at(DEVOPS, { type: 'common.commands:retrieveConfig' })).json).toMatchObject({ config: {} });
  });

  test('is answered with a refusal when its actor fails', async () => {
    const { at } = start();
    const modify = { type: 'common.commands:modifyConfig', config: {} };
    expect(await at(CLEANUP, modify)).toMatchObject({
      isError: true,
      json: { status: 500, error: 'connectivity:internalerror' },
    });
  });

  test.each([
    ['/user/connectivityRoot', health],
    ['/user/connectivityRoot/encryptionMigration', { type: 'connectivity.commands:migrateEncryptionStatus' }],
    ['/user/nobody', health],
    ['', health],
    [REGION, health],
    [REGION, { type: 'connectivity.commands:retrieveAllConnectionIds' }],
  ])('%s has nobody who answers %o', async (selection, command) => {
    const { at } = start();
    expect(await refusal(at(selection, command))).toBe(`ask.error: Nobody answers at [${selection}].`);
  });

  test('a poison pill stops an actor, which starts anew; it is never answered', async () => {
    const { at, system } = start();
    const waiting = refusal(at(CLEANUP, { type: 'common.commands:retrieveConfig' }));
    await turns();
    expect(await refusal(at(CLEANUP, { type: 'poison-pill' }))).toMatch(/^ask\.error/);
    expect(await waiting).toMatch(/^ask\.error: .*stopped/);
    expect((await at(CLEANUP, health)).status).toBe(200);
    for (const selection of [REGION, '/user/connectivityRoot', MEDIATOR])
      expect(await refusal(at(selection, { type: 'poison-pill' }))).toMatch(/^ask\.error/);
    expect(system.isReady()).toBe(true);
  });
});

describe('the mediator', () => {
  test('publishes to the topic of the header, else to that of the type; to one of a group if asked', async () => {
    const { at, system } = start();
    const seen: string[] = [];
    system.subscribe('mine', () => seen.push('first'));
    system.subscribe('mine', () => seen.push('second'));
    system.subscribe(health.type, () => seen.push('by type'));
    await refusal(at(MEDIATOR, health, { topic: 'mine' }));
    await refusal(at(MEDIATOR, health));
    await refusal(at(MEDIATOR, health, { topic: 'mine', 'is-group-topic': 'true' }));
    expect(seen).toEqual(['first', 'second', 'by type', 'first']);
  });

  test.each([
    [{ type: 'purge-entities', details: ['c1'] }, 0],
    [{ type: 'purge-entities', details: ['c2'] }, 1],
    [{ type: 'purge-namespace', details: 'c1' }, 1],
  ])('a shutdown for %o leaves %i awake', async (reason, awake) => {
    const { at, system } = start();
    await at(REGION, { type: 'connectivity.commands:retrieveConnection', connectionId: 'c1' });
    await refusal(at(MEDIATOR, shutdown(reason)));
    await turns();
    expect(system.stats().connections.awake).toBe(awake);
  });
});
