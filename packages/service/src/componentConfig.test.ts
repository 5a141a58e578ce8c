import { expect, test } from '@jest/globals';
import { lineConfigOf } from './componentConfig.ts';
import { loadConfig } from './config/config.ts';
import { version } from './version.ts';

test("the variables of Ditto's HTTP push reach its transport", () => {
  const { config, warnings } = loadConfig({
    env: {
      CONNECTIVITY_HTTP_PUSH_MAX_QUEUE_SIZE: '7',
      CONNECTIVITY_HTTP_PUSH_REQUEST_TIMEOUT: '5s',
      CONNECTIVITY_HTTP_PROXY_ENABLED: 'true',
      CONNECTIVITY_HTTP_PROXY_HOST: 'proxy',
      CONNECTIVITY_HTTP_PROXY_PORT: '3128',
      CONNECTIVITY_HTTP_PROXY_USERNAME: 'u',
      CONNECTIVITY_HTTP_PROXY_PASSWORD: 'p',
      CONNECTIVITY_HTTP_OAUTH2_MAX_CLOCK_SKEW: '1m',
      CONNECTIVITY_HTTP_OMIT_REQUEST_BODY_METHODS: 'GET, PUT',
      CONNECTIVITY_ACKNOWLEDGEMENT_ISSUED_MAX_BYTES: '99',
    },
  });
  expect(warnings).toEqual([]);
  expect(lineConfigOf(config).protocols['http-push']).toEqual({
    maxQueueSize: 7,
    requestTimeoutMs: 5_000,
    proxyEnabled: true,
    proxyHostname: 'proxy',
    proxyPort: 3128,
    proxyUsername: 'u',
    proxyPassword: 'p',
    maxClockSkewMs: 60_000,
    omitRequestBodyMethods: ['GET', 'PUT'],
    issuedMaxBytes: 99,
    userAgent: `eclipse-ditto/${version}`,
  });
});
