import { describe, expect, test } from '@jest/globals';
import { parseConnection } from '../model/parseConnection.ts';
import { compileHostPolicy, type HostAnswer } from './hostPolicy.ts';
import { hostsToLookUp, lookUpHosts } from './lookUpHosts.ts';
import { validateConnection } from './validateConnection.ts';
import { defaultValidationConfig, type ValidationConfig } from './validationConfig.ts';

const strict: ValidationConfig = {
  ...defaultValidationConfig,
  hosts: compileHostPolicy({
    allowedHostnames: [],
    blockedHostnames: [],
    blockedSubnets: [],
    blockedHostRegex: '',
    profile: 'strict',
  }),
};

const names: Readonly<Record<string, readonly string[]>> = {
  public: ['8.8.8.8'],
  mixed: ['8.8.8.8', '10.0.0.1'],
  metadata: ['169.254.169.254'],
};
const resolve = async (host: string): Promise<HostAnswer> =>
  Object.hasOwn(names, host) ? { addresses: names[host] ?? [] } : { failure: `${host}: unknown` };

async function answer(uri: string, changes: object = {}, config = strict): Promise<string> {
  const sources = [{ addresses: ['a'], authorizationContext: ['x:y'] }];
  const base = { id: 'c', connectionType: 'amqp-10', connectionStatus: 'open', uri, sources };
  const connection = parseConnection({ ...base, ...changes });
  const lookup = await lookUpHosts(hostsToLookUp(connection, config), resolve);
  try {
    validateConnection(connection, config, lookup);
    return 'valid';
  } catch (error) {
    return (error as Error).message;
  }
}

const BLOCKED = /may not be used for the connection because the host is blocked/;

describe('the strict profile of hosts', () => {
  test('judges the addresses that names resolve to, every one of them', async () => {
    expect(await answer('amqp://public:5672')).toBe('valid');
    expect(await answer('amqp://mixed:5672')).toMatch(BLOCKED);
    expect(await answer('amqp://metadata:5672')).toMatch(BLOCKED);
    expect(await answer('amqp://[::ffff:127.0.0.1]:5672')).toMatch(BLOCKED);
    expect(await answer('amqp://gone:5672')).toMatch(/gone: unknown$/);
  });

  test('reaches tunnels and bootstrap servers', async () => {
    const sshTunnel = {
      enabled: true,
      credentials: { type: 'plain', username: 'u', password: 'p' },
      validateHost: false,
      uri: 'ssh://metadata:22',
    };
    expect(await answer('amqp://public:5672', { sshTunnel })).toMatch(BLOCKED);
    const kafka = (bootstrapServers: string): object => ({
      connectionType: 'kafka',
      specificConfig: { bootstrapServers },
    });
    expect(await answer('tcp://public:9092', kafka('public:1,mixed:2'))).toMatch(BLOCKED);
    expect(await answer('tcp://public:9092', kafka('public:1'))).toBe('valid');
  });

  test.each(['amqp://public:65536', `amqp://${'a.'.repeat(130)}a:1`, 'amqp://u:p%00@public:1'])(
    'refuses odd URIs: %s',
    async (uri) => {
      expect(await answer(uri)).toBe(`The Connection URI '${uri}' has an invalid format.`);
    },
  );

  test('is not in force by default', async () => {
    expect(await answer('amqp://metadata:99999', {}, defaultValidationConfig)).toBe('valid');
  });
});
