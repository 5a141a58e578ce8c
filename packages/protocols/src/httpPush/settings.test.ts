import { sampleConnection } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { httpPushSettings } from './settings.ts';

const settings = (specificConfig: Record<string, string>, config: Record<string, unknown> = {}) =>
  httpPushSettings(sampleConnection({ connectionType: 'http-push', specificConfig }), config);

test("without anything Ditto's defaults hold", () => {
  expect(settings({})).toEqual({
    parallelism: 1,
    maxQueueSize: 1_000,
    requestTimeoutMs: 60_000,
    omitBodyMethods: new Set(['GET', 'DELETE']),
    maxAnswerBytes: 100_000,
    proxy: undefined,
    userAgent: 'eclipse-ditto',
    maxClockSkewMs: 60_000,
  });
});

test.each([
  ['1', 1],
  ['2', 2],
  ['3', 4],
  ['17', 32],
  ['2147483647', 2 ** 30],
  ['no number', 1],
])('a parallelism of %s is %d', (parallelism, expected) => {
  expect(settings({ parallelism }).parallelism).toBe(expected);
});

test.each([
  ['5s', 5_000],
  ['0s', 7_000],
  ['soon', 7_000],
])('an idle timeout of %s is %d ms', (idleTimeout, expected) => {
  expect(settings({ idleTimeout }, { requestTimeoutMs: 7_000 }).requestTimeoutMs).toBe(expected);
});

test('the connection names the methods without a body, else the service does', () => {
  const config = { omitRequestBodyMethods: ['PUT'] };
  expect(settings({ omitRequestBody: 'POST,PATCH' }, config).omitBodyMethods).toEqual(
    new Set(['POST', 'PATCH']),
  );
  expect(settings({}, config).omitBodyMethods).toEqual(new Set(['PUT']));
});

test('a proxy has a user only with a name', () => {
  const config = { proxyEnabled: true, proxyHostname: 'proxy', proxyPort: 3128 };
  expect(settings({}, config).proxy).toEqual({ hostname: 'proxy', port: 3128, credentials: undefined });
  expect(settings({}, { ...config, proxyUsername: 'u', proxyPassword: 'p' }).proxy?.credentials).toEqual({
    username: 'u',
    password: 'p',
  });
});
