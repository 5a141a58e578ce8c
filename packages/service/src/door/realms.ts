import { isIP } from 'node:net';
import type { Log } from '@hawser/core';
import {
  type BasicUser,
  fetchJson,
  openIdSubjects,
  type RealmConfig,
  type SubjectsOfToken,
  tokenVerifier,
} from '@hawser/http';
import { type Config, ConfigError } from '../config/config.ts';
import { systemClock } from '../systemClock.ts';
import { openIdIssuersOf } from './openIdIssuers.ts';

/** Who may come through which part of the door. */
export type Realms = Readonly<Record<'devops' | 'status', RealmConfig>>;

const KEYS_FETCH = { timeoutMs: 5000, maxBytes: 1_048_576 };
const PREFIX = 'ditto.gateway.authentication.devops';

/** Ditto's two realms, by passwords or by tokens. @throws ConfigError */
export function realmsOf(config: Config): Realms {
  const password = config[`${PREFIX}.password`];
  const viewerPassword = config['hawser.read-only-password'];
  const full = (secret: string): BasicUser => ({ user: 'devops', password: secret, role: 'full' });
  const viewers: readonly BasicUser[] =
    viewerPassword === '' ? [] : [{ user: 'viewer', password: viewerPassword, role: 'read-only' }];
  const secured = config[`${PREFIX}.secured`];
  const methods = methodsOf(config);
  const subjects = Object.values(methods).includes('oauth2') ? subjectsOf(config) : undefined;
  const verifier = (list: readonly string[]) =>
    subjects && tokenVerifier(subjects, { full: list, readOnly: config['hawser.read-only-oauth2-subjects'] });
  return {
    devops: {
      secured,
      method: methods.devops,
      users: [full(password), ...viewers],
      verifyToken: verifier(config[`${PREFIX}.devops-oauth2-subjects`]),
    },
    status: {
      secured: secured && config[`${PREFIX}.status-secured`],
      method: methods.status,
      users: [full(password), full(config[`${PREFIX}.statusPassword`]), ...viewers],
      verifyToken: verifier(config[`${PREFIX}.status-oauth2-subjects`]),
    },
  };
}

/** Ditto's well-known passwords are for loopback addresses alone. @throws ConfigError */
export function checkPasswords(host: string, given: ReadonlySet<string>, config: Config, log: Log): void {
  if (!config[`${PREFIX}.secured`]) {
    log.warn('DEVOPS_SECURED is false: anyone who reaches this address may do anything', { host });
    return;
  }
  if (given.has(`${PREFIX}.password`) || !usesPasswords(config)) return;
  if (!isLoopback(host)) {
    throw new ConfigError(
      `DEVOPS_PASSWORD must be set to listen on ${host}: Ditto's default password is for loopback addresses alone`,
    );
  }
  log.warn("Ditto's default passwords apply; set DEVOPS_PASSWORD and STATUS_PASSWORD", { host });
}

function usesPasswords(config: Config): boolean {
  const { devops, status } = methodsOf(config);
  return devops === 'basic' || (status === 'basic' && config[`${PREFIX}.status-secured`]);
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

const methodsOf = (config: Config): Readonly<Record<'devops' | 'status', RealmConfig['method']>> => ({
  devops: methodOf(config[`${PREFIX}.devops-authentication-method`], 'devops'),
  status: methodOf(config[`${PREFIX}.status-authentication-method`], 'status'),
});

function methodOf(name: string, realm: string): RealmConfig['method'] {
  if (name === 'basic' || name === 'oauth2') return name;
  throw new ConfigError(`Could not find ${realm} authentication method with name <${name}>`);
}

function subjectsOf(config: Config): SubjectsOfToken {
  return openIdSubjects({
    config: {
      protocol: config[`${PREFIX}.oauth.protocol`],
      issuers: openIdIssuersOf(config[`${PREFIX}.oauth.openid-connect-issuers`]),
      clockSkewMs: config[`${PREFIX}.oauth.allowed-clock-skew`],
      audiences: config['hawser.oauth2-audiences'],
    },
    fetchJson: fetchJson(KEYS_FETCH),
    clock: systemClock,
  });
}
