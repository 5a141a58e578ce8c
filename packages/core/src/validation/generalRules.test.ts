import { describe, expect, test } from '@jest/globals';
import { DittoError } from '../errors/dittoError.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { validateConnection } from './validateConnection.ts';

const item = { authorizationContext: ['x:y'] };
const source = { ...item, addresses: ['a'] };
const target = { ...item, address: 'POST:/', topics: [] };

function errorOf(changes: object, connectionType = 'amqp-10'): Partial<DittoError> {
  const uri = connectionType === 'http-push' ? 'https://endpoint:443' : 'amqp://broker:5672';
  const base = { id: 'c', connectionType, connectionStatus: 'open', uri, sources: [], targets: [target] };
  try {
    validateConnection(parseConnection({ ...base, ...changes }));
    return { message: 'valid' };
  } catch (error) {
    if (!(error instanceof DittoError)) throw error;
    return error;
  }
}

describe('limits', () => {
  test.each([
    [
      { sources: Array(5).fill(source) },
      'The number of configured sources for connection: c is above the limit of 4.',
    ],
    [
      { targets: Array(5).fill(target) },
      'The number of configured targets for connection: c is above the limit of 4.',
    ],
    [
      { sources: [{ ...source, addresses: ['a', 'b'], payloadMapping: Array(11).fill('Ditto') }] },
      'The number of configured payload mappings for the source with address a,b is above the limit of 10.',
    ],
  ])('%#', (changes, description) => {
    expect(errorOf(changes)).toMatchObject({ status: 400, description });
  });
});

describe('acknowledgement labels', () => {
  test('need the connection id in front', () => {
    expect(errorOf({ sources: [{ ...source, declaredAcks: ['other:label'] }] })).toMatchObject({
      code: 'acknowledgement:label.invalid',
      message: 'Acknowledgement label <other:label> is invalid.',
    });
  });

  test('are issued by one target each, live responses aside', () => {
    const issuing = (issuedAcknowledgementLabel: string): object => ({
      targets: [1, 2].map(() => ({ ...target, issuedAcknowledgementLabel })),
    });
    expect(errorOf(issuing('{{connection:id}}:abc'))).toMatchObject({
      code: 'acknowledgement:label.not.unique',
    });
    expect(errorOf(issuing('live-response')).message).toBe('valid');
  });
});

describe('payload mappers', () => {
  const mapped = (payloadMapping: readonly string[], mappingDefinitions: object): object => ({
    targets: [{ ...target, payloadMapping }],
    mappingDefinitions,
  });

  test('may be built in or defined', () => {
    expect(
      errorOf(mapped(['Ditto', 'mine'], { mine: { mappingEngine: 'JavaScript', options: {} } })).message,
    ).toBe('valid');
  });

  test('that are unknown or of no use are refused', () => {
    const definition = {
      lost: { mappingEngine: 'Nope', options: {} },
      ok: { mappingEngine: 'Ditto', options: {} },
    };
    expect(errorOf(mapped(['lost'], definition))).toMatchObject({
      message: 'The mapper <lost> could not be loaded.',
      description: expect.stringContaining('names [ok] or fallback mapper names ['),
    });
    expect(errorOf(mapped(['constructor'], {})).message).toBe(
      'The mapper <constructor> could not be loaded.',
    );
  });
});

describe('credentials', () => {
  const hmac = (algorithm: string): object => ({ credentials: { type: 'hmac', algorithm, parameters: {} } });
  const oauth = (changes: object): object => ({
    credentials: {
      type: 'oauth-client-credentials',
      tokenEndpoint: 'https://login/token',
      clientId: 'i',
      clientSecret: 's',
      requestedScopes: 'a b',
      ...changes,
    },
  });

  test.each([
    ['amqp-10', hmac('az-sasl'), 'valid'],
    ['amqp-10', hmac('rot13'), 'Unsupported HMAC algorithm: rot13'],
    ['amqp-091', hmac('az-sasl'), 'HMAC credentials are not supported for the connection type.'],
    ['http-push', oauth({}), 'valid'],
    [
      'http-push',
      oauth({ tokenEndpoint: 'nowhere' }),
      "Invalid token endpoint 'nowhere' provided: no protocol: nowhere",
    ],
    ['http-push', oauth({ requestedScopes: 'a  b' }), 'Invalid format of requested scopes: a  b'],
    [
      'http-push',
      oauth({ tokenEndpoint: 'http://login' }),
      expect.stringContaining('must be accessed via HTTPS'),
    ],
    ['amqp-10', oauth({}), 'OAuth client credentials are only supported for HTTP connection type.'],
  ])('%s %#', (type, changes, message) => {
    expect(errorOf(changes, type).message).toEqual(message);
  });
});

describe('a tunnel', () => {
  const tunnel = (changes: object): object => ({
    sshTunnel: {
      enabled: false,
      credentials: { type: 'plain', username: 'u', password: 'p' },
      validateHost: false,
      uri: 'ssh://jump:22',
      ...changes,
    },
  });

  test.each([
    [tunnel({}), 'valid'],
    [tunnel({ uri: '' }), 'The URI of the ssh server must not be empty.'],
    [tunnel({ uri: 'tcp://jump:22' }), /The scheme for the ssh endpoint must be 'ssh'\.$/],
    [
      tunnel({ credentials: { type: 'plain', username: '', password: 'p' } }),
      'SSH tunnel username must not be empty.',
    ],
    [tunnel({ validateHost: true }), 'Specify at least one fingerprint if host validationis enabled.'],
    [tunnel({ validateHost: true, knownHosts: ['MD5:ab'] }), 'valid'],
  ])('%#', (changes, message) => {
    expect(errorOf(changes).message).toMatch(message);
  });
});
