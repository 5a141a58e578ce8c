import { expect, test } from '@jest/globals';
import { connectivitySignalJson } from './connectivityRegistry.ts';

test('a connection with hidden fields has two forms', () => {
  const signal = {
    type: 'connectivity.events:connectionCreated',
    revision: 3,
    connectionId: 'c1',
    connection: {
      id: 'c1',
      _revision: 3,
      connectionType: 'http-push',
      connectionStatus: 'open',
      uri: 'http://h:80',
      targets: [{ address: 'POST:/x', topics: ['_/_/things/twin/events'], authorizationContext: ['a:b'] }],
    },
  };
  const described = connectivitySignalJson('event', signal, {});
  expect(described).not.toHaveProperty('json.connection._revision');
  expect(described).toHaveProperty('jsonAllFields.connection._revision', 3);
  expect(described).toMatchObject({ kind: 'event', resourceType: 'connectivity', entityId: 'c1' });
});

test('only announcements have a Ditto Protocol form, whose headers are those for the outside', () => {
  const signal = {
    type: 'connectivity.announcements:opened',
    connectionId: 'c1',
    openedAt: '2024-01-01T00:00:00Z',
  };
  expect(
    connectivitySignalJson('announcement', signal, { 'ditto-sudo': 'true', 'response-required': 'true' }),
  ).toMatchObject({
    adaptable: {
      topic: '_/c1/connections/announcements/opened',
      headers: { 'response-required': true, 'content-type': 'application/json' },
      value: { openedAt: '2024-01-01T00:00:00Z' },
    },
  });
  const command = { type: 'connectivity.commands:openConnection', connectionId: 'c1' };
  expect(connectivitySignalJson('command', command, {})).toHaveProperty(
    'adaptable.error.message',
    "The signal 'openConnection' is not supported by the adapter.",
  );
});
