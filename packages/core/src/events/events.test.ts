import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { connectionAnnouncementToJson, parseConnectionAnnouncement } from './announcements.ts';
import { connectionEventToJson, parseConnectionEvent } from './connectionEvents.ts';
import { connectionIdsByTag, existingConnectionIds } from './connectionIds.ts';
import { connectionOfSnapshot, snapshotOf } from './connectionSnapshot.ts';
import { emptyEvent, eventOfJournal, historicalHeadersOf, journalPayload, journalTags } from './journal.ts';

const stored = {
  __lifecycle: 'ACTIVE',
  id: 'c1',
  _revision: 1,
  connectionType: 'amqp-10',
  connectionStatus: 'open',
  uri: 'amqp://h:5672',
  authorizationContext: ['a:b'],
  sources: [{ addresses: ['s'] }],
};
const created = {
  type: 'connectivity.events:connectionCreated',
  _timestamp: '2024-01-01T00:00:00Z',
  revision: 7,
  connectionId: 'c1',
  connection: stored,
};

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isDittoError(error)) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('an event', () => {
  test('of old form is brought up to date when the journal is read, and its number is that of the journal', () => {
    const event = eventOfJournal(created, 3);
    expect(journalPayload(event)).toMatchObject({
      revision: 3,
      _metadata: null,
      connection: { _revision: 1, __lifecycle: 'ACTIVE', sources: [{ authorizationContext: ['a:b'] }] },
    });
  });

  test('hides in public what only the journal holds', () => {
    const event = eventOfJournal(created, 3);
    if (event.type !== 'connectivity.events:connectionCreated') throw new Error(event.type);
    expect(connectionEventToJson(event)).not.toHaveProperty('connection._revision');
  });

  test('may lack time, metadata and number', () => {
    const json = { type: 'connectivity.events:connectionClosed', connectionId: 'c1' };
    expect(connectionEventToJson(parseConnectionEvent(json))).toEqual({
      ...json,
      _timestamp: null,
      _metadata: null,
      revision: 0,
    });
  });

  test.each([
    [{ type: 'x' }, "The JSON type 'x' is not supported by registry 'GlobalEventRegistry'."],
    [{ connection: 'x' }, 'Value <"x"> for </connection> is not of type <JsonObject>!'],
    [{ connection: undefined }, 'JSON did not include required </connection> field!'],
    [{ _timestamp: 'x' }, "The JSON object's field '_modified' is not in ISO-8601 format as expected"],
  ])('with %j is refused', (changes, message) => {
    expect(messageOf(() => eventOfJournal({ ...created, ...changes } as JsonObject, 1))).toBe(message);
  });

  test('keeps the headers that are to be kept', () => {
    const event = eventOfJournal(created, 1);
    const payload = journalPayload(event, { 'correlation-id': 'x' });
    expect(historicalHeadersOf(payload)).toEqual({ 'correlation-id': 'x' });
    expect(historicalHeadersOf(journalPayload(event))).toEqual({});
  });

  test('may be empty', () => {
    for (const effect of ['alwaysAlive', 'priorityUpdate'] as const)
      expect(eventOfJournal(journalPayload(emptyEvent(effect)), 5)).toEqual(emptyEvent(effect));
    expect(messageOf(() => eventOfJournal({ ...emptyEvent('alwaysAlive'), effect: 'x' }, 1))).not.toBe(
      'accepted',
    );
  });
});

describe('tags of a journal entry', () => {
  const tagsOf = (event: string, connectionStatus: 'open' | 'closed', priority?: number) =>
    journalTags({
      event: event as 'connectivity.events:connectionOpened',
      connectionStatus,
      tags: ['t'],
      priority,
    });

  test.each([
    ['connectivity.events:connectionCreated', 'open', undefined, ['always-alive', 'priority-0', 't']],
    ['connectivity.events:connectionModified', 'closed', 4, ['t']],
    ['connectivity.events:connectionOpened', 'closed', 4, ['always-alive', 'priority-4', 't']],
    ['connectivity.events:connectionClosed', 'open', 4, ['t']],
    ['connectivity.events:connectionDeleted', 'open', 4, []],
    ['persistence-actor-internal:empty-event', 'open', 9, ['always-alive', 'priority-9', 't']],
    ['persistence-actor-internal:empty-event', 'closed', 9, ['t']],
  ] as const)('%s of a connection that is %s', (event, status, priority, expected) => {
    expect(tagsOf(event, status, priority)).toEqual(expected);
  });
});

describe('a snapshot', () => {
  test('holds the whole connection', () => {
    const { sources, authorizationContext, ...rest } = stored;
    const connection = parseConnection({
      ...rest,
      sources: [{ addresses: ['s'], authorizationContext: ['a:b'] }],
    });
    expect(connectionOfSnapshot(snapshotOf(connection))).toEqual(connection);
  });

  test('of a deleted connection holds nothing else', () => {
    const connection = {
      ...parseConnection({ ...stored, sources: [{ addresses: ['s'], authorizationContext: ['a:b'] }] }),
      lifecycle: 'DELETED',
    } as const;
    expect(snapshotOf(connection)).toEqual({ __lifecycle: 'DELETED' });
    expect(connectionOfSnapshot({ __lifecycle: 'DELETED' })).toBeUndefined();
  });

  test('without a lifecycle is active', () => {
    const { __lifecycle, ...old } = stored;
    expect(connectionOfSnapshot(old)?.lifecycle).toBe('ACTIVE');
  });
});

describe('ids', () => {
  const entry = (pid: string, sn: number, type: string | undefined, tags: readonly string[] = []) => ({
    pid,
    sn,
    type,
    tags,
  });

  test('are those of what exists, sorted, each once', () => {
    const snapshots = [
      { pid: 'connection:b', sn: 1, lifecycle: 'ACTIVE' },
      { pid: 'connection:gone', sn: 2, lifecycle: 'DELETED' },
      { pid: 'connection:gone', sn: 1, lifecycle: 'ACTIVE' },
    ];
    const entries = [
      entry('connection:b', 2, 'connectivity.events:connectionOpened'),
      entry('connection:a', 1, 'connectivity.events:connectionCreated'),
      entry('connection:c', 2, undefined),
      entry('connection:c', 1, 'connectivity.events:connectionCreated'),
      entry('thing:x', 1, 'things.events:thingCreated'),
    ];
    expect(existingConnectionIds(snapshots, entries)).toEqual(['a', 'b']);
  });

  test('by tag look at the newest entry alone', () => {
    const entries = [
      entry('connection:a', 1, 't', ['x']),
      entry('connection:a', 2, 't', []),
      entry('connection:b', 1, 't', ['x']),
    ];
    expect(connectionIdsByTag(entries, 'x')).toEqual(['b']);
  });
});

describe('an announcement', () => {
  test('survives reading and writing', () => {
    const json = {
      type: 'connectivity.announcements:opened',
      connectionId: 'c1',
      openedAt: '2024-01-01T00:00:00Z',
    };
    expect(connectionAnnouncementToJson(parseConnectionAnnouncement(json))).toEqual(json);
  });

  test('tells which instant is none', () => {
    const json = { type: 'connectivity.announcements:closed', connectionId: 'c1', closedAt: 'bad' };
    expect(messageOf(() => parseConnectionAnnouncement(json))).toBe(
      "Failed to deserialize field </closedAt> as java.time.Instant: Text 'bad' could not be parsed at index 0",
    );
  });
});
