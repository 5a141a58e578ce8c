import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { defaultHonoConfig, resolveHonoConnection } from './resolveHonoConnection.ts';

const resolve = (changes: JsonObject, config = defaultHonoConfig) =>
  resolveHonoConnection(
    parseConnection({
      id: 'h1',
      connectionType: 'hono',
      connectionStatus: 'open',
      sources: [{ addresses: ['telemetry'], authorizationContext: ['a:b'] }],
      ...changes,
    }),
    config,
  );

describe('a connection to Hono', () => {
  test('uses the tenant and group of its specific configuration', () => {
    const { sources, specificConfig } = resolve({ specificConfig: { honoTenantId: 't', groupId: 'g' } });
    expect(sources[0]?.addresses).toEqual(['hono.telemetry.t']);
    expect(specificConfig).toEqual({
      honoTenantId: 't',
      saslMechanism: 'plain',
      bootstrapServers: 'localhost:9092',
      groupId: 'g',
    });
  });

  test('escapes user name and password in its URI', () => {
    const { uri, ca } = resolve({}, { ...defaultHonoConfig, username: 'u@t', password: 'p:/ü', ca: 'PEM' });
    expect(uri).toBe('tcp://u%40t:p%3A%2F%C3%BC@localhost:9092');
    expect(ca).toBe('PEM');
  });

  test('loses the reply target of sources that bring answers, and keeps answers switched off', () => {
    const { sources } = resolve({
      sources: [
        {
          addresses: ['command_response'],
          authorizationContext: ['a:b'],
          replyTarget: { address: 'command' },
        },
        { addresses: ['event'], authorizationContext: ['a:b'], replyTarget: { enabled: false } },
        {
          addresses: ['event'],
          authorizationContext: ['a:b'],
          replyTarget: {
            address: 'command',
            expectedResponseTypes: ['nack'],
            headerMapping: { subject: 'own' },
          },
        },
      ],
    });
    expect(sources[0]).toMatchObject({
      replyTarget: { address: '{{header:reply-to}}' },
      headerMapping: {
        'correlation-id': '{{ header:correlation-id }}',
        'content-type': '{{header:content-type}}',
        status: '{{ header:status }}',
      },
    });
    expect(sources[1]?.replyTarget).toBeUndefined();
    expect(sources[2]?.replyTarget).toMatchObject({
      address: 'hono.command.h1/{{thing:id}}',
      headerMapping: { subject: 'own', device_id: '{{ thing:id }}' },
      expectedResponseTypes: ['response', 'error'],
    });
  });
});
