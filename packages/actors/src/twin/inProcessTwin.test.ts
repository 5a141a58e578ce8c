import {
  adaptableFromSignal,
  adaptableToJson,
  authSubjectsOf,
  type JsonObject,
  parseAdaptable,
  type Signal,
  signalFromAdaptable,
  type Voyage,
  withHeaders,
} from '@hawser/core';
import { FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { InProcessTwin } from './inProcessTwin.ts';

interface Told {
  readonly group: string;
  readonly json: JsonObject;
  readonly signal: Signal;
}

const OWNER = 'nginx:owner';

function harbour(authorization: 'static-grant' | 'policies' = 'static-grant', store = new FakeStore()) {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const twin = new InProcessTwin({ store, clock, log, instance: 'w', authorization, maxCached: 100 });
  const told: Told[] = [];
  const subscribe = (group: string, subjects: readonly string[]): void => {
    twin.subscribe({
      subscriberId: group,
      group,
      subjects,
      types: ['events', 'messages', 'live-commands', 'live-events', 'policy-announcements'],
      onSignal: (signal, _voyage, view) => {
        const seen = view === undefined ? signal : view(subjects);
        if (seen !== undefined) told.push({ group, json: jsonOf(seen), signal });
      },
    });
  };
  /** Submits in the name of a subject, or in nobody's; resolves to the answers. */
  const ask = async (message: JsonObject, subject?: string, more: Record<string, string> = {}) => {
    const read = signalFromAdaptable(parseAdaptable({ headers: {}, ...message }));
    const context = subject === undefined ? undefined : JSON.stringify({ type: 'x', subjects: [subject] });
    const signal = {
      ...read,
      headers: withHeaders(read.headers, { ...more, 'ditto-auth-context': context }),
    };
    const answers: JsonObject[] = [];
    const answered: Signal[] = [];
    const held = new Holds();
    twin.submit(signal, {
      voyage: held,
      reply: (answer) => {
        answered.push(answer);
        if (answer.kind !== 'acknowledgement') answers.push(jsonOf(answer));
      },
    });
    await twin.drained();
    await turns(20);
    return { answers, answered, held };
  };
  return { store, clock, log, twin, told, subscribe, ask };
}

class Holds implements Voyage {
  open = 0;
  most = 0;
  hold(): void {
    this.open++;
    this.most = Math.max(this.most, this.open);
  }
  release(): void {
    this.open--;
  }
}

const jsonOf = (signal: Signal): JsonObject => adaptableToJson(adaptableFromSignal(signal));

const command = (action: string, path = '/', value?: unknown, headers: JsonObject = {}): JsonObject =>
  ({
    topic: `org.acme/pump/things/twin/commands/${action}`,
    headers,
    path,
    ...(value === undefined ? {} : { value }),
  }) as JsonObject;

const message: JsonObject = {
  topic: 'org.acme/pump/things/live/messages/hi',
  path: '/outbox/messages/hi',
  value: 'x',
  headers: { 'content-type': 'text/plain' },
};

const policy = (action: string, path: string, value?: unknown): JsonObject =>
  ({
    topic: `org.acme/pump/policies/commands/${action}`,
    headers: {},
    path,
    ...(value === undefined ? {} : { value }),
  }) as JsonObject;

describe('with static grants', () => {
  test('a thing is created, changed, read and deleted, and those who subscribe are told', async () => {
    const { ask, told, subscribe } = harbour();
    subscribe('out', ['any:one']);
    const created = await ask(command('create', '/', { attributes: { a: 1 } }), OWNER);
    expect(created.answers).toMatchObject([
      {
        status: 201,
        path: '/',
        value: { thingId: 'org.acme:pump', policyId: 'org.acme:pump', attributes: { a: 1 } },
      },
    ]);
    expect((await ask(command('modify', '/attributes/a', 2), OWNER)).answers).toMatchObject([
      { status: 204 },
    ]);
    expect((await ask(command('retrieve', '/attributes'), OWNER)).answers).toMatchObject([
      { status: 200, value: { a: 2 } },
    ]);
    expect((await ask(command('delete'), OWNER)).answers).toMatchObject([{ status: 204 }]);
    expect((await ask(command('retrieve'), OWNER)).answers).toMatchObject([
      { status: 404, value: { error: 'things:thing.notfound' } },
    ]);
    expect(
      told.map(({ json: { topic, path, value, revision } }) => ({ topic, path, value, revision })),
    ).toMatchObject([
      { topic: 'org.acme/pump/things/twin/events/created', path: '/', revision: 1 },
      { topic: 'org.acme/pump/things/twin/events/modified', path: '/attributes/a', value: 2, revision: 2 },
      { topic: 'org.acme/pump/things/twin/events/deleted', path: '/', revision: 3 },
    ]);
    expect(told[1]?.signal.headers).toMatchObject({
      'ditto-originator': OWNER,
      'ditto-read-subjects': '["any:one"]',
    });
  });

  test('the next process finds what this one has stored, in Ditto’s places', async () => {
    const { ask, store } = harbour();
    await ask(command('create', '/', {}), OWNER);
    for (let n = 0; n < 60; n++) await ask(command('modify', '/attributes/n', n), OWNER);
    expect([...store.entries.keys()].sort()).toEqual(['policy:org.acme:pump', 'thing:org.acme:pump']);
    expect(store.saved.get('thing:org.acme:pump')?.[0]?.state).toMatchObject({
      thingId: 'org.acme:pump',
      __lifecycle: 'ACTIVE',
      _revision: 50,
    });
    const next = harbour('static-grant', store);
    expect((await next.ask(command('retrieve', '/', undefined), OWNER)).answers).toMatchObject([
      { status: 200, value: { attributes: { n: 59 } } },
    ]);
    expect((await next.ask(policy('retrieve', '/'), OWNER)).answers).toMatchObject([
      { status: 200, value: { entries: { DEFAULT: { subjects: { [OWNER]: {} } } } } },
    ]);
  });

  test('nothing is answered, told or let go before it is durable; what cannot be stored is 503 and no event', async () => {
    const { ask, twin, store, told, subscribe } = harbour();
    subscribe('out', ['any:one']);
    await ask(command('create', '/', {}), OWNER);
    let open: () => void = () => {};
    store.gate = () =>
      new Promise((resolve) => {
        open = resolve;
      });
    const asked = ask(command('modify', '/attributes/a', 1), OWNER);
    await turns(20);
    expect(told).toHaveLength(1);
    open();
    const { held, answers } = await asked;
    expect(answers).toMatchObject([{ status: 201 }]);
    expect(held).toMatchObject({ open: 0, most: 1 });
    store.gate = undefined;
    store.fault = (operation) => (operation === 'append' ? 'lost' : undefined);
    const refused = await ask(command('modify', '/attributes/a', 2), OWNER);
    expect(refused.answers).toMatchObject([{ status: 503, value: { error: 'things:thing.unavailable' } }]);
    expect(refused.held.open).toBe(0);
    expect((await ask(policy('delete', '/'), OWNER)).answers).toMatchObject([
      { status: 503, value: { error: 'policies:policy.unavailable' } },
    ]);
    expect(told).toHaveLength(2);
    store.fault = () => undefined;
    expect((await ask(command('retrieve', '/attributes/a'), OWNER)).answers).toMatchObject([{ value: 1 }]);
    await twin.drained();
  });

  test('a command for a thing that is not there changes nothing; a policy of its id that is there is used', async () => {
    const { ask, store } = harbour();
    expect((await ask(command('modify', '/attributes/a', 1), OWNER)).answers).toMatchObject([
      { status: 404 },
    ]);
    expect(store.appends).toBe(0);
    await ask(command('create', '/', {}), OWNER);
    await ask(command('delete'), OWNER);
    expect((await ask(command('modify', '/', { attributes: {} }), OWNER)).answers).toMatchObject([
      { status: 201 },
    ]);
    expect((await ask(command('retrieve', '/', undefined), OWNER)).answers).toMatchObject([
      { value: { policyId: 'org.acme:pump' } },
    ]);
  });

  test('search-persisted is acknowledged with the response, after it', async () => {
    const { ask } = harbour();
    const { answered } = await ask(
      command(
        'create',
        '/',
        {},
        { 'requested-acks': ['twin-persisted', 'search-persisted'], 'correlation-id': 'c' },
      ),
      OWNER,
    );
    expect(
      answered.map(({ kind, status, adaptable: { topic }, headers }) => [
        kind,
        status,
        topic.subject,
        headers['correlation-id'],
      ]),
    ).toEqual([
      ['response', 201, undefined, 'c'],
      ['acknowledgement', 204, 'search-persisted', 'c'],
    ]);
  });

  test('several things are read at once, extra fields are those of the thing, and what nobody does is refused', async () => {
    const { ask, twin } = harbour();
    await ask(command('create', '/', { attributes: { name: 'p' } }), OWNER);
    const several = {
      topic: 'org.acme/_/things/twin/commands/retrieve',
      path: '/',
      value: { thingIds: ['org.acme:none', 'org.acme:pump'] },
    };
    expect((await ask(several, OWNER)).answers).toMatchObject([
      { status: 200, value: [{ thingId: 'org.acme:pump' }] },
    ]);
    const fields = [['attributes', 'name'], ['_revision'], ['features']];
    expect(await twin.retrievePartialThing('org.acme:pump', fields, ['any'])).toEqual({
      attributes: { name: 'p' },
      _revision: 1,
    });
    await expect(twin.retrievePartialThing('org.acme:none', fields, ['any'])).rejects.toMatchObject({
      status: 404,
    });
    const search = { topic: '_/_/things/twin/search/subscribe', path: '/', value: {} };
    expect((await ask(search, OWNER)).answers).toMatchObject([
      { status: 400, value: { error: 'signal.unsupported' } },
    ]);
  });

  test('messages pass without a thing, and never back to where they came from', async () => {
    const { ask, told, subscribe } = harbour();
    subscribe('in', ['a']);
    subscribe('out', ['b']);
    await ask(message, OWNER, { 'ditto-origin': 'in' });
    expect(told.map(({ group }) => group)).toEqual(['out']);
  });

  test.each([
    ['a thing', command('create', '/', {})],
    ['a thing that is not there', command('retrieve')],
    ['a policy', policy('retrieve', '/')],
  ])('whatever goes wrong with an answer about %s, its source message is let go', async (_what, signal) => {
    const { twin } = harbour('policies');
    const held = new Holds();
    twin.submit(signalFromAdaptable(parseAdaptable({ headers: {}, ...signal })), {
      voyage: held,
      reply: () => {
        throw new Error('nobody takes it');
      },
    });
    await twin.drained();
    expect(held).toMatchObject({ open: 0, most: 1 });
  });

  test.each([
    [
      'an event of the twin',
      { topic: 'org.acme/pump/things/twin/events/modified', path: '/attributes/a', value: 1, revision: 3 },
    ],
    [
      'an announcement',
      {
        topic: 'org.acme/pump/policies/announcements/subjectDeletion',
        path: '/',
        value: { deleteAt: '2026-11-30T12:00:00Z', subjectIds: [OWNER] },
      },
    ],
  ])('%s that a connection delivers is passed on, but not where policies decide', async (_what, news) => {
    const bridge = harbour();
    bridge.subscribe('out', ['a']);
    expect((await bridge.ask(news, OWNER)).answers).toEqual([]);
    expect(bridge.told).toMatchObject([{ json: { topic: news.topic } }]);
    const { ask, told, subscribe } = harbour('policies');
    subscribe('out', ['a']);
    const refused = [{ status: 400, value: { error: 'signal.unsupported' } }];
    expect((await ask(news, OWNER)).answers).toMatchObject(refused);
    expect(told).toEqual([]);
    expect((await ask(news)).answers).toEqual([]);
    expect(told).toMatchObject([{ json: { topic: news.topic } }]);
  });

  test.each([
    [{ 'at-historical-revision': 1 }, command('retrieve')],
    [{ 'at-historical-timestamp': '2026-11-30T12:00:00Z' }, command('retrieve', '/attributes/a')],
    [{ 'at-historical-revision': 1 }, policy('retrieve', '/')],
  ])('the past is not kept, and the present is no answer for it: %j', async (headers, query) => {
    const { ask } = harbour();
    await ask(command('create', '/', { attributes: { a: 1 } }), OWNER);
    expect((await ask({ ...query, headers }, OWNER)).answers).toMatchObject([
      { status: 400, value: { error: 'signal.unsupported' } },
    ]);
  });

  test('two processes on one store see what the other has written', async () => {
    const store = new FakeStore();
    const [one, other] = [harbour('static-grant', store), harbour('static-grant', store)];
    await one.ask(command('create', '/', {}), OWNER);
    await other.ask(command('modify', '/attributes/a', 1), OWNER);
    await one.ask(command('modify', '/attributes/b', 2), OWNER);
    await other.ask(command('modify', '/attributes/c', 3), OWNER);
    expect((await other.ask(command('retrieve', '/attributes'), OWNER)).answers).toMatchObject([
      { value: { a: 1, b: 2, c: 3 } },
    ]);
  });
});

describe('with policies', () => {
  const restricted = {
    _policy: {
      entries: {
        owner: {
          subjects: { [OWNER]: { type: 'x' } },
          resources: {
            'thing:/': { grant: ['READ', 'WRITE'], revoke: [] },
            'policy:/': { grant: ['READ', 'WRITE'], revoke: [] },
            'message:/': { grant: ['READ', 'WRITE'], revoke: [] },
          },
        },
        guest: {
          subjects: { 'nginx:guest': { type: 'x' } },
          resources: { 'thing:/attributes/open': { grant: ['READ'], revoke: [] } },
        },
      },
    },
    attributes: { open: 1, secret: 2 },
  };

  test('a thing without a policy is its creator’s', async () => {
    const { ask, told, subscribe } = harbour('policies');
    subscribe('own', [OWNER]);
    subscribe('guest', ['nginx:guest']);
    expect((await ask(command('create', '/', {}), OWNER)).answers).toMatchObject([{ status: 201 }]);
    for (const action of ['retrieve', 'delete'])
      expect((await ask(command(action), 'nginx:guest')).answers).toMatchObject([{ status: 404 }]);
    expect((await ask(policy('retrieve', '/'), 'nginx:guest')).answers).toMatchObject([
      { status: 404, value: { error: 'policies:policy.notfound' } },
    ]);
    expect((await ask(message, 'nginx:guest')).answers).toMatchObject([
      { status: 403, value: { error: 'messages:send.notallowed' } },
    ]);
    await ask(message, OWNER);
    expect(told.map(({ group, json }) => [group, json['path']])).toEqual([
      ['own', '/'],
      ['own', '/outbox/messages/hi'],
    ]);
  });

  test('who may read a part sees that part, in answers, events and extra fields', async () => {
    const { ask, twin, told, subscribe } = harbour('policies');
    subscribe('own', [OWNER]);
    subscribe('guest', ['nginx:guest']);
    await ask(command('create', '/', restricted), OWNER);
    const readable = { thingId: 'org.acme:pump', attributes: { open: 1 } };
    const several = {
      topic: 'org.acme/_/things/twin/commands/retrieve',
      path: '/',
      value: { thingIds: ['org.acme:pump'] },
    };
    for (const [query, value] of [
      [command('retrieve'), readable],
      [command('retrieve', '/', undefined, { 'live-channel-condition': 'eq(attributes/open,7)' }), readable],
      [command('retrieve', '/attributes'), readable.attributes],
      [several, [readable]],
    ] as const) {
      const { answers } = await ask(query, 'nginx:guest');
      // nothing beside it
      expect(answers.map((answer) => answer['value'])).toEqual([value]);
    }
    expect((await ask(command('modify', '/attributes/open', 3), 'nginx:guest')).answers).toMatchObject([
      { status: 403, value: { error: 'things:attribute.notmodifiable' } },
    ]);
    await ask(command('modify', '/attributes/secret', 4), OWNER);
    await ask(
      command(
        'merge',
        '/attributes',
        { open: 5, secret: 6 },
        { 'content-type': 'application/merge-patch+json' },
      ),
      OWNER,
    );
    expect(told.map(({ group, json: { path, value } }) => [group, path, value])).toEqual([
      ['own', '/', expect.objectContaining({ attributes: { open: 1, secret: 2 } })],
      ['guest', '/', { thingId: 'org.acme:pump', attributes: { open: 1 } }],
      ['own', '/attributes/secret', 4],
      ['own', '/attributes', { open: 5, secret: 6 }],
      ['guest', '/attributes', { open: 5 }],
    ]);
    const fields = [['attributes']];
    expect(await twin.retrievePartialThing('org.acme:pump', fields, ['nginx:guest'])).toEqual({
      attributes: { open: 5 },
    });
    await expect(twin.retrievePartialThing('org.acme:pump', fields, ['nginx:nobody'])).rejects.toMatchObject({
      status: 404,
    });
  });

  test('who may read a part of a policy sees that part', async () => {
    const { ask } = harbour('policies');
    const { guest } = restricted._policy.entries;
    const seeing = { ...guest.resources, 'policy:/entries/guest': { grant: ['READ'], revoke: [] } };
    const entries = { ...restricted._policy.entries, guest: { ...guest, resources: seeing } };
    await ask(command('create', '/', { _policy: { entries } }), OWNER);
    const { answers } = await ask(policy('retrieve', '/'), 'nginx:guest');
    expect(answers.map((answer) => answer['value'])).toEqual([
      { policyId: 'org.acme:pump', entries: { guest: { ...entries.guest, importable: 'implicit' } } },
    ]);
  });

  test('a changed policy counts from the next command on', async () => {
    const { ask } = harbour('policies');
    await ask(command('create', '/', restricted), OWNER);
    const path = '/entries/guest/resources/thing:/attributes/open';
    await ask(policy('modify', path, { grant: ['READ', 'WRITE'], revoke: [] }), OWNER);
    expect((await ask(command('modify', '/attributes/open', 3), 'nginx:guest')).answers).toMatchObject([
      { status: 204 },
    ]);
    await ask(policy('delete', '/entries/guest'), OWNER);
    expect((await ask(command('retrieve'), 'nginx:guest')).answers).toMatchObject([{ status: 404 }]);
  });

  test('a subject that has expired may nothing any more', async () => {
    const { ask, clock } = harbour('policies');
    const expiry = new Date(clock.now() + 60_000).toISOString();
    const { guest } = restricted._policy.entries;
    const entries = {
      ...restricted._policy.entries,
      guest: { ...guest, subjects: { 'nginx:guest': { type: 'x', expiry } } },
    };
    await ask(command('create', '/', { ...restricted, _policy: { entries } }), OWNER);
    expect((await ask(command('retrieve'), 'nginx:guest')).answers).toMatchObject([{ status: 200 }]);
    clock.advance(61_000);
    expect((await ask(command('retrieve'), 'nginx:guest')).answers).toMatchObject([{ status: 404 }]);
  });

  test.each([
    ['a policy that is not there', { policyId: 'org.acme:none' }, 'things:thing.notcreatable', 400],
    [
      'a copy of one that is not there',
      { _copyPolicyFrom: 'org.acme:none' },
      'policies:policy.notfound',
      404,
    ],
    [
      'an inline one that does not let the creator write',
      { _policy: { entries: { e: { ...restricted._policy.entries.guest } } } },
      'things:thing.notmodifiable',
      403,
    ],
    ['an inline one that is none', { _policy: { entries: 5 } }, 'json.invalid', 400],
  ])('a thing with %s is not created, and no policy either', async (_what, value, error, status) => {
    const { ask, store } = harbour('policies');
    expect((await ask(command('create', '/', value), OWNER)).answers).toMatchObject([
      { status, value: { error } },
    ]);
    expect(store.appends).toBe(0);
  });

  test('a policy is copied from another, by its id or by that of a thing', async () => {
    const { ask } = harbour('policies');
    await ask(command('create', '/', restricted), OWNER);
    const copies = ['org.acme:pump', '{{ ref:things/org.acme:pump/policyId }}'];
    for (const [n, _copyPolicyFrom] of copies.entries()) {
      const topic = `org.acme/copy${n}/things/twin/commands/create`;
      const create = { topic, path: '/', value: { _copyPolicyFrom, attributes: { open: 9 } } };
      expect((await ask(create, OWNER)).answers).toMatchObject([
        { status: 201, value: { policyId: `org.acme:copy${n}` } },
      ]);
      const retrieve = { topic: `org.acme/copy${n}/things/twin/commands/retrieve`, path: '/attributes/open' };
      expect((await ask(retrieve, 'nginx:guest')).answers).toMatchObject([{ value: 9 }]);
      const stranger = { ...create, topic: `org.acme/other${n}/things/twin/commands/create` };
      expect((await ask(stranger, 'nginx:stranger')).answers).toMatchObject([{ status: 404 }]);
    }
  });

  test.each([
    [
      'a thing that the sender may not read',
      '{{ ref:things/org.acme:pump/policyId }}',
      'things:thing.notfound',
    ],
    ['a thing that is not there', '{{ ref:things/org.acme:none/policyId }}', 'things:thing.notfound'],
    ['no thing', `{{ ref:things/${'x'.repeat(5000)}/policyId }}`, 'things:id.invalid'],
    ['another field', '{{ ref:things/org.acme:pump/attributes }}', 'policies:id.invalid'],
    ['nothing', `{{ ${'x'.repeat(5000)} }}`, 'policies:id.invalid'],
  ])('a policy is not copied by a reference to %s', async (_what, _copyPolicyFrom, error) => {
    const { ask } = harbour('policies');
    const policyId = 'org.acme:hidden';
    await ask(command('create', '/', { _policy: { ...restricted._policy, policyId } }), OWNER);
    const topic = 'org.acme/copy/things/twin/commands/create';
    const { answers } = await ask({ topic, path: '/', value: { _copyPolicyFrom } }, 'nginx:stranger');
    expect(answers).toMatchObject([{ value: { error } }]);
    expect(JSON.stringify(answers)).not.toContain(policyId);
  });

  test('of a policy that is copied no more comes along than the sender may read', async () => {
    const { ask } = harbour('policies');
    const { owner, guest } = restricted._policy.entries;
    const deputy = {
      subjects: { 'nginx:deputy': { type: 'x' } },
      resources: {
        'policy:/entries/deputy': { grant: ['READ'], revoke: [] },
        'policy:/': { grant: ['WRITE'], revoke: [] },
        'thing:/': { grant: ['READ', 'WRITE'], revoke: [] },
      },
    };
    await ask(command('create', '/', { _policy: { entries: { owner, guest, deputy } } }), OWNER);
    const topic = 'org.acme/copy/things/twin/commands/create';
    const create = { topic, path: '/', value: { _copyPolicyFrom: 'org.acme:pump' } };
    expect((await ask(create, 'nginx:deputy')).answers).toMatchObject([{ status: 201 }]);
    const retrieve = { topic: 'org.acme/copy/policies/commands/retrieve', path: '/' };
    const [{ value } = {}] = (await ask(retrieve)).answers;
    expect(Object.keys((value as { entries: JsonObject }).entries)).toEqual(['deputy']);
  });

  test('a creation that was cut off after its policy is done again', async () => {
    const { ask, store } = harbour('policies');
    store.fault = (operation, pid) =>
      operation === 'append' && pid.startsWith('thing:') ? 'lost' : undefined;
    expect((await ask(command('create', '/', {}), OWNER)).answers).toMatchObject([{ status: 503 }]);
    store.fault = () => undefined;
    expect((await ask(command('create', '/', {}), OWNER)).answers).toMatchObject([{ status: 201 }]);
    await ask(command('delete'), OWNER);
    expect((await ask(command('create', '/', {}), 'nginx:guest')).answers).toMatchObject([
      { status: 400, value: { error: 'things:thing.notcreatable' } },
    ]);
  });

  test('a thing that exists takes no inline policy', async () => {
    const { ask } = harbour('policies');
    await ask(command('create', '/', {}), OWNER);
    expect((await ask(command('modify', '/', restricted), OWNER)).answers).toMatchObject([
      { status: 400, value: { error: 'things:policy.notallowed' } },
    ]);
    expect((await ask(command('modify', '/', restricted), 'nginx:stranger')).answers).toMatchObject([
      { status: 404, value: { error: 'things:thing.notfound' } },
    ]);
  });

  test('messages for a thing that is not there are refused, unless they come in nobody’s name', async () => {
    const { ask, told, subscribe } = harbour('policies');
    subscribe('out', ['any']);
    expect((await ask(message, OWNER)).answers).toMatchObject([{ status: 404 }]);
    expect(told).toEqual([]);
    await ask(message);
    expect(told).toHaveLength(1);
    expect(authSubjectsOf(told[0]?.signal.headers ?? {})).toEqual([]);
  });
});
