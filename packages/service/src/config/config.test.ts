import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig, settings } from './config.ts';

describe('precedence', () => {
  const key = 'ditto.connectivity.connection.max-source-number';

  test("without anything Ditto's defaults hold", () => {
    const { config, warnings } = loadConfig({ env: {} });
    expect(config[key]).toBe(4);
    expect(config['ditto.connectivity.client.connecting-min-timeout']).toBe(50_000);
    expect(config['ditto.connectivity.monitoring.logger.logDuration']).toBe(86_400_000);
    expect(warnings).toEqual([]);
  });

  test('environment wins over the file, --set over both', () => {
    const file = { ditto: { connectivity: { connection: { 'max-source-number': 5 } } } };
    expect(loadConfig({ env: {}, file }).config[key]).toBe(5);
    expect(loadConfig({ env: {}, file: { [key]: '6' } }).config[key]).toBe(6);
    const env = { CONNECTION_SOURCE_NUMBER: '7' };
    expect(loadConfig({ env, file }).config[key]).toBe(7);
    expect(loadConfig({ env, file, set: [`${key}=8`] }).config[key]).toBe(8);
  });

  test('what was given is told apart from defaults', () => {
    const { given } = loadConfig({ env: { DEVOPS_PASSWORD: 'x' } });
    expect([...given]).toEqual(['ditto.gateway.authentication.devops.password']);
  });
});

describe('refusals and warnings', () => {
  test('an unknown key is a warning with the nearest known one', () => {
    const { warnings } = loadConfig({ env: {}, set: ['ditto.connectivity.connection.max-sources-number=3'] });
    expect(warnings).toEqual([
      'unknown key ditto.connectivity.connection.max-sources-number (--set); did you mean ditto.connectivity.connection.max-source-number?',
    ]);
  });

  test.each([
    [['hawser.max-in-flight=many'], /hawser\.max-in-flight: expected a whole number/],
    [['hawser.publish-timeout=soon'], /expected a duration/],
    [['ditto.gateway.authentication.devops.secured=perhaps'], /expected true or false/],
    [['nonsense'], /expected key=value/],
  ])('%j is refused', (set, message) => {
    expect(() => loadConfig({ env: {}, set })).toThrow(message);
  });

  test('a file that is no object is refused', () => {
    expect(() => loadConfig({ env: {}, file: [] })).toThrow(ConfigError);
  });

  test('a setting of the JVM is known and said to have no effect', () => {
    const { warnings } = loadConfig({ env: {}, set: ['ditto.connectivity.tunnel.workers=4'] });
    expect(warnings[0]).toMatch(/no effect/);
  });
});

test('every default can be read as its type', () => {
  expect(Object.keys(loadConfig({ env: {} }).config)).toHaveLength(Object.keys(settings).length);
});

test('lists come from arrays and from comma-separated text', () => {
  const key = 'ditto.gateway.authentication.devops.devops-oauth2-subjects';
  expect(loadConfig({ env: { DEVOPS_OAUTH2_SUBJECTS: 'a, b' } }).config[key]).toEqual(['a', 'b']);
  expect(loadConfig({ env: {}, file: { [key]: ['a'] } }).config[key]).toEqual(['a']);
});

describe('a group', () => {
  const group = 'ditto.gateway.authentication.devops.oauth.openid-connect-issuers';

  test('has members with names of its own, from the file and the command line', () => {
    const file = { [group]: { ops: { issuer: 'a.example', 'auth-subjects': ['{{ jwt:sub }}'] } } };
    const { config, warnings } = loadConfig({ env: {}, file, set: [`${group}.__proto__.issuer=b.example`] });
    expect(Object.entries(config[group])).toEqual([
      ['ops', { issuer: 'a.example', 'auth-subjects': ['{{ jwt:sub }}'] }],
      ['__proto__', { issuer: 'b.example' }],
    ]);
    expect(warnings).toEqual([]);
    expect(loadConfig({ env: {} }).config[group]).toEqual({});
  });

  test('has no settings of its own', () => {
    expect(() => loadConfig({ env: {}, set: [`${group}.issuer=a`] })).toThrow(
      /expected .*\.<name>\.<setting>/,
    );
  });
});
